import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  ACCOUNT,
  admin,
  delegation,
  keyPolicy,
  makeService,
  makeUser,
  nobody,
  OTHER_ACCOUNT,
  stranger,
  type TestService,
} from './a-service.ts'

let service: TestService
let key: string
beforeAll(async () => {
  service = makeService()
  key = await service.newKey()
})
afterAll(() => service.close())

const policyOf = async (KeyId: string, options = {}): Promise<string> =>
  (await service.ask('GetKeyPolicy', { KeyId }, options)).Policy

describe('the policy of a key', () => {
  it.each([
    ['us-east-1', 'aws'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['cn-north-1', 'aws-cn'],
  ])('in %s leaves everything to the account unless given', async (region, partition) => {
    const made = await service.newKey({}, { region })
    expect(await policyOf(made, { region })).toBe(
      [
        '{',
        '  "Version" : "2012-10-17",',
        '  "Id" : "key-default-1",',
        '  "Statement" : [ {',
        '    "Sid" : "Enable IAM User Permissions",',
        '    "Effect" : "Allow",',
        '    "Principal" : {',
        `      "AWS" : "arn:${partition}:iam::${ACCOUNT}:root"`,
        '    },',
        '    "Action" : "kms:*",',
        '    "Resource" : "*"',
        '  } ]',
        '}',
      ].join('\n'),
    )
  })

  it('is looked at for ways round attestation, which are logged with statement and rule alone', async () => {
    const gate = {
      Effect: 'Allow',
      Principal: { AWS: admin.arn },
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: { StringEquals: { 'kms:RecipientAttestation:PCR0': 'a1'.repeat(48) } },
    }
    const put = (Policy: string): Promise<{ readonly warnings: readonly string[] }> =>
      service.answer('PutKeyPolicy', { KeyId: key, Policy, PolicyName: 'default' })
    expect((await put(keyPolicy(delegation()))).warnings).toEqual([])
    const { warnings } = await put(keyPolicy({ ...delegation(), Sid: 'all' }, gate))
    expect(warnings).toEqual([
      'policy error account-delegation at Statement[0] (Sid "all"): Identity policies of the account let anybody in beside a conditional allow.',
      'policy warning grant-past-condition at Statement[0] (Sid "all"): A grant gets past the conditional allow.',
    ])
    const made = await service.answer('CreateKey', {
      Policy: keyPolicy({ ...delegation(), Sid: 'all' }, gate),
    })
    expect(made.warnings).toEqual(warnings)
    await put(keyPolicy(delegation()))
  })

  it('comes back as the text that was put', async () => {
    const Policy = `\n ${keyPolicy(delegation())} `
    expect(
      (await service.answer('PutKeyPolicy', { KeyId: key, Policy, PolicyName: 'default' })).body,
    ).toBeNull()
    expect(await service.ask('GetKeyPolicy', { KeyId: key })).toEqual({ Policy, PolicyName: 'default' })
    const made = await service.newKey({ Policy })
    expect(await policyOf(made)).toBe(Policy)
  })

  it.each(['GetKeyPolicy', 'PutKeyPolicy'])('%s knows no other name: NotFoundException', async (name) => {
    const input = { KeyId: key, PolicyName: 'other', Policy: keyPolicy(delegation()) }
    expect(await service.refusal(name, input)).toMatchObject({
      code: 'NotFoundException',
      text: 'No such policy exists',
    })
  })

  it('ListKeyPolicies lists the one, and knows no marker', async () => {
    expect(await service.ask('ListKeyPolicies', { KeyId: key })).toEqual({
      PolicyNames: ['default'],
      Truncated: false,
    })
    expect((await service.refusal('ListKeyPolicies', { KeyId: key, Marker: 'x' })).code).toBe(
      'InvalidMarkerException',
    )
  })
})

const LOCKOUT = 'The new key policy will not allow you to update the key policy in the future.'
const PRINCIPALS = 'Policy contains a statement with one or more invalid principals.'
const root = `arn:aws:iam::${ACCOUNT}:root`
const allow = (more: object): object => ({
  Effect: 'Allow',
  Principal: { AWS: root },
  Action: 'kms:*',
  ...more,
})

describe('policies with conditions that nothing here meets are stored, as AWS stores them', () => {
  it.each([
    ['a numeric operator', { NumericEquals: { 'kms:X': 1 } }],
    ['a policy variable', { StringEquals: { 'aws:PrincipalArn': '${aws:username}' } }],
    ['a misspelt condition key', { StringEquals: { 'kms:RecipientAttestaton:PCR0': 'a' } }],
    ['a PCR that there cannot be', { StringEquals: { 'kms:RecipientAttestation:PCR32': 'a' } }],
    ['a TPM PCR that has no key', { StringEquals: { 'kms:RecipientAttestation:NitroTPMPCR24': 'a' } }],
    ['a key of another service', { Bool: { 's3:x': 'true' } }],
  ])('%s', async (_, Condition) => {
    const KeyId = await service.newKey()
    const Policy = keyPolicy(delegation(), allow({ Principal: { AWS: nobody.arn }, Condition }))
    await service.ask('PutKeyPolicy', { KeyId, Policy })
    expect((await service.refusal('Encrypt', { KeyId, Plaintext: 'AAAA' }, { as: nobody })).code).toBe(
      'AccessDeniedException',
    )
  })
})

describe('policies that are not acceptable', () => {
  it.each([
    ['no JSON', 'x', /JSON/],
    ['a member given twice', '{"Statement":[],"Statement":[]}', /twice/],
    ['no statement', keyPolicy(), /Statement/],
    ['an unknown effect', keyPolicy(allow({ Effect: 'allow' })), /Statement\[0\]\.Effect/],
    ['NotPrincipal', keyPolicy({ ...delegation(), Principal: undefined, NotPrincipal: '*' }), /NotPrincipal/],
    [
      'a condition key of AWS that no request has here',
      keyPolicy(delegation(), allow({ Condition: { StringLike: { 'aws:Referer': '*' } } })),
      /^Statement\[1\]\.Condition\.StringLike: the condition key "aws:Referer"/,
    ],
    [
      'a variable that is such a key',
      keyPolicy(delegation(), allow({ Condition: { StringLike: { 'aws:PrincipalArn': '${aws:Referer}' } } })),
      /^Statement\[1\]\.Condition\.StringLike: the policy variable "aws:referer"/,
    ],
    [
      'the aliases of the key',
      keyPolicy(delegation(), allow({ Condition: { StringLike: { 'kms:ResourceAliases': 'alias/a' } } })),
      /kms:ResourceAliases/,
    ],
    [
      'ForAllValues on a pair',
      keyPolicy(allow({ Condition: { 'ForAllValues:StringEquals': { 'kms:EncryptionContext:a': 'b' } } })),
      /^OverlyPermissiveCondition/,
    ],
    [
      'a user that does not exist',
      keyPolicy(delegation(), allow({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/ghost` } })),
      PRINCIPALS,
    ],
    ['a principal that is none', keyPolicy(delegation(), allow({ Principal: { AWS: 'alice' } })), PRINCIPALS],
    ['nothing for the caller', keyPolicy(allow({ Action: 'kms:Encrypt' })), LOCKOUT],
    [
      'a deny for the caller',
      keyPolicy(delegation(), { ...delegation('kms:PutKeyPolicy'), Effect: 'Deny', Principal: '*' }),
      LOCKOUT,
    ],
    ['another account only', keyPolicy(allow({ Principal: { AWS: OTHER_ACCOUNT } })), LOCKOUT],
    [
      'PutKeyPolicy for attested callers only',
      keyPolicy(allow({ Condition: { StringEquals: { 'kms:RecipientAttestation:PCR0': 'a' } } })),
      LOCKOUT,
    ],
  ])('%s: MalformedPolicyDocumentException', async (_, Policy, text) => {
    for (const [name, input] of [
      ['CreateKey', { Policy }],
      ['PutKeyPolicy', { KeyId: key, Policy }],
    ] as const) {
      const before = await policyOf(key)
      const refusal = await service.refusal(name, input)
      expect(refusal.code).toBe('MalformedPolicyDocumentException')
      if (typeof text === 'string') expect(refusal.text).toBe(text)
      else expect(refusal.text).toMatch(text)
      expect(await policyOf(key)).toBe(before)
    }
  })

  it('one of more than 32768 bytes: LimitExceededException', async () => {
    const fits = keyPolicy(allow({ Sid: 'a'.repeat(32_600) }))
    const padded = fits + ' '.repeat(32_768 - Buffer.byteLength(fits))
    expect(await service.ask('PutKeyPolicy', { KeyId: key, Policy: padded })).toEqual({})
    for (const name of ['CreateKey', 'PutKeyPolicy']) {
      expect((await service.refusal(name, { KeyId: key, Policy: `${padded} ` })).code).toBe(
        'LimitExceededException',
      )
    }
  })

  it('BypassPolicyLockoutSafetyCheck lifts the check of the lockout and no other', async () => {
    const own = makeService()
    const BypassPolicyLockoutSafetyCheck = true
    const Policy = keyPolicy(allow({ Action: 'kms:Encrypt' }))
    const KeyId = await own.newKey({ Policy, BypassPolicyLockoutSafetyCheck })
    expect((await own.refusal('GetKeyPolicy', { KeyId })).code).toBe('AccessDeniedException')
    const bad = { Policy: '{}', BypassPolicyLockoutSafetyCheck }
    expect((await own.refusal('CreateKey', bad)).code).toBe('MalformedPolicyDocumentException')
    await own.close()
  })
})

describe('who may do what', () => {
  const encrypt = (KeyId: string): object => ({ KeyId, Plaintext: 'AAAA' })
  const named = (name: string): object => ({ AWS: `arn:aws:iam::${ACCOUNT}:user/${name}` })
  const denial = async (KeyId: string, as = nobody): Promise<string | null> => {
    const { code, text } = await service.refusal('Encrypt', encrypt(KeyId), { as })
    expect(code).toBe('AccessDeniedException')
    return text
  }
  const start = (who: string, arn: string): string =>
    `User: ${who} is not authorized to perform: kms:Encrypt on resource: ${arn} `

  it('the default policy only delegates', async () => {
    expect(await denial(key)).toBe(
      `${start(nobody.arn, key)}because no identity-based policy allows the kms:Encrypt action`,
    )
    expect(await service.ask('Encrypt', encrypt(key))).toHaveProperty('CiphertextBlob')
  })

  it('a key policy that names a user is enough in the same account', async () => {
    const Policy = keyPolicy(delegation(), allow({ Principal: named('nobody'), Action: 'kms:Encrypt' }))
    const KeyId = await service.newKey({ Policy })
    expect(await service.ask('Encrypt', encrypt(KeyId), { as: nobody })).toHaveProperty('CiphertextBlob')
  })

  it('without delegation an identity policy is worth nothing', async () => {
    const Policy = keyPolicy(allow({ Action: ['kms:PutKeyPolicy'] }))
    const KeyId = await service.newKey({ Policy })
    expect(await denial(KeyId, admin)).toBe(
      `${start(admin.arn, KeyId)}because no resource-based policy allows the kms:Encrypt action`,
    )
  })

  it('explicit denies win and are told of', async () => {
    const deny = { Effect: 'Deny', Principal: named('admin'), Action: 'kms:Encrypt' }
    const KeyId = await service.newKey({ Policy: keyPolicy(delegation(), deny) })
    expect(await denial(KeyId, admin)).toBe(
      `${start(admin.arn, KeyId)}with an explicit deny in a resource-based policy`,
    )
    const barred = makeUser('enclave', [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 'kms:Encrypt', Resource: '*' },
    ])
    expect(await denial(key, barred)).toBe(
      `${start(barred.arn, key)}with an explicit deny in an identity-based policy`,
    )
  })

  it('another account needs the key policy and an identity policy', async () => {
    const Policy = keyPolicy(
      delegation(),
      allow({ Principal: { AWS: OTHER_ACCOUNT }, Action: 'kms:Encrypt' }),
    )
    const KeyId = await service.newKey({ Policy })
    expect(await service.ask('Encrypt', encrypt(KeyId), { as: stranger })).toHaveProperty('CiphertextBlob')
    const poor = makeUser('poor', [], OTHER_ACCOUNT)
    expect(await denial(KeyId, poor)).toBe(
      `User: ${poor.arn} is not authorized to perform: kms:Encrypt on this resource because no identity-based policy allows the kms:Encrypt action`,
    )
  })

  it('CreateKey with tags also needs kms:TagResource', async () => {
    const as = makeUser('enclave', [{ Effect: 'Allow', Action: 'kms:CreateKey', Resource: '*' }])
    expect(await service.ask('CreateKey', {}, { as })).toHaveProperty('KeyMetadata')
    const { text } = await service.refusal('CreateKey', { Tags: [{ TagKey: 'a', TagValue: '' }] }, { as })
    expect(text).toContain('perform: kms:TagResource on resource: * because no identity-based policy')
  })

  it('a stored policy that cannot be read lets nobody in', async () => {
    const KeyId = await service.newKey()
    const keyId = KeyId.slice(-36)
    for (const policy of [
      '',
      '{',
      '{"Statement":[]}',
      keyPolicy(allow({ Condition: { Bool: { 'x:y': 'true' } } })),
    ]) {
      await service.store.updateKey({ region: 'us-east-1', keyId }, (record) => ({ ...record, policy }))
      expect(await denial(KeyId, admin)).toContain('because no resource-based policy allows')
    }
  })

  it('an identity policy that cannot be read lets its user do nothing', async () => {
    const [policy] = admin.identityPolicies
    const as = {
      ...admin,
      identityPolicies: [...(policy ? [policy] : []), { name: 'broken', document: '{' }],
    }
    expect(await denial(key, as)).toContain('because no identity-based policy allows')
    expect((await service.refusal('ListKeys', {}, { as })).code).toBe('AccessDeniedException')
  })

  it('who lost the permission while a request was under way does not change the key', async () => {
    const KeyId = await service.newKey()
    const closed = keyPolicy(allow({ Principal: named('nobody') }))
    const [put, disable] = await Promise.allSettled([
      service.answer('PutKeyPolicy', { KeyId, Policy: closed, BypassPolicyLockoutSafetyCheck: true }),
      service.answer('DisableKey', { KeyId }),
    ])
    expect(put.status).toBe('fulfilled')
    const { KeyMetadata } = await service.ask('DescribeKey', { KeyId }, { as: nobody })
    expect(KeyMetadata['KeyState']).toBe(disable.status === 'fulfilled' ? 'Disabled' : 'Enabled')
    expect(disable.status).toBe('rejected')
  })
})
