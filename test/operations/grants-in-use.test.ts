import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../src/identity/principal.ts'
import { grantee, listGrants, type MadeGrant, makeGrant } from './a-grant.ts'
import { IMAGE, makeRecipient } from './a-recipient.ts'
import {
  ACCOUNT,
  admin,
  delegation,
  keyPolicy,
  makeService,
  makeUser,
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

const grant = (input: object = {}, options = {}): Promise<MadeGrant> =>
  makeGrant(service, { KeyId: key, ...input }, options)
const grantsOf = (input: object = {}, options = {}): Promise<readonly Record<string, unknown>[]> =>
  listGrants(service, { KeyId: key, ...input }, options)
const encrypt = (as: Principal, input: object = {}): Promise<unknown> =>
  service.ask('Encrypt', { KeyId: key, Plaintext: 'AAAA', ...input }, { as })
const refusedEncrypt = async (as: Principal, input: object = {}): Promise<string> =>
  (await service.refusal('Encrypt', { KeyId: key, Plaintext: 'AAAA', ...input }, { as })).code

async function freshKey(input: object = {}): Promise<void> {
  key = await service.newKey(input)
}

describe('grants by a grantee', () => {
  const parent = { Operations: ['CreateGrant', 'Encrypt', 'DescribeKey'] }
  const child = (input: object = {}): object => ({
    KeyId: key,
    GranteePrincipal: `arn:aws:iam::${ACCOUNT}:user/enclave`,
    Operations: ['Encrypt'],
    ...input,
  })
  const attempt = async (input: object): Promise<string> => {
    const made = await service.answer('CreateGrant', child(input), { as: grantee }).then(
      () => 'made',
      (error: unknown) => (error as Error & { code: string }).code,
    )
    return made
  }
  const equals = (pairs: object): object => ({ Constraints: { EncryptionContextEquals: pairs } })
  const subset = (pairs: object): object => ({ Constraints: { EncryptionContextSubset: pairs } })

  it.each<readonly [string, object, object, string]>([
    ['the same operations', {}, { Operations: ['DescribeKey', 'Encrypt', 'CreateGrant'] }, 'made'],
    ['fewer', {}, {}, 'made'],
    ['one more', {}, { Operations: ['Encrypt', 'Decrypt'] }, 'AccessDeniedException'],
    ['retiring, which was not given', {}, { Operations: ['RetireGrant'] }, 'AccessDeniedException'],
    ['no constraint', equals({ a: '1' }), {}, 'AccessDeniedException'],
    ['the same pairs', equals({ a: '1' }), equals({ a: '1' }), 'made'],
    ['more pairs to be equal', equals({ a: '1' }), equals({ a: '1', b: '2' }), 'AccessDeniedException'],
    ['the pairs as a subset', equals({ a: '1' }), subset({ a: '1' }), 'AccessDeniedException'],
    ['the subset', subset({ a: '1' }), subset({ a: '1' }), 'made'],
    ['a larger subset', subset({ a: '1' }), subset({ a: '1', b: '2' }), 'made'],
    ['another value', subset({ a: '1' }), subset({ a: '2' }), 'AccessDeniedException'],
    ['equal pairs with the subset', subset({ a: '1' }), equals({ a: '1', b: '2' }), 'made'],
    ['nothing of the subset', subset({ a: '1' }), {}, 'AccessDeniedException'],
  ])('with %s', async (_, parentInput, childInput, outcome) => {
    await freshKey()
    await grant({ ...parent, ...parentInput })
    expect(await attempt(childInput)).toBe(outcome)
  })

  it('say why, and pick the grant of several that gives as much', async () => {
    await freshKey()
    const narrow = await grant({ ...parent, ...equals({ a: '1' }) })
    expect(await attempt({})).toBe('AccessDeniedException')
    expect(service.lastRecord().decisions[0]?.grants).toEqual([
      { grant: narrow.GrantId, mismatch: 'the new grant has not the EncryptionContextEquals of this one' },
    ])
    await grant(parent)
    expect(await attempt({})).toBe('made')
  })

  it('never put two grants together', async () => {
    await freshKey()
    await grant({ Operations: ['CreateGrant', 'Encrypt'] })
    await grant({ Operations: ['Decrypt'] })
    expect(await attempt({ Operations: ['Encrypt', 'Decrypt'] })).toBe('AccessDeniedException')
  })

  it('stay when the grant that allowed them is revoked', async () => {
    await freshKey()
    const { GrantId } = await grant(parent)
    expect(await attempt({})).toBe('made')
    await service.ask('RevokeGrant', { KeyId: key, GrantId })
    await encrypt(makeUser('enclave', []))
    expect(await refusedEncrypt(grantee)).toBe('AccessDeniedException')
  })

  it('are no matter for whom policies allow', async () => {
    await freshKey()
    await grant({ GranteePrincipal: admin.arn, Operations: ['CreateGrant', 'Encrypt'] })
    const made = await service.ask('CreateGrant', child({ Operations: ['Decrypt'] }))
    expect(made).toHaveProperty('GrantId')
  })
})

describe('the end of a grant', () => {
  const enclave = makeUser('enclave', [])

  it('RevokeGrant takes a permission of the key', async () => {
    await freshKey()
    const { GrantId, GrantToken } = await grant({ Operations: ['Encrypt', 'RetireGrant'] })
    const input = { KeyId: key, GrantId }
    expect((await service.refusal('RevokeGrant', input, { as: grantee })).code).toBe('AccessDeniedException')
    expect((await service.refusal('RevokeGrant', { ...input, DryRun: true })).code).toBe(
      'DryRunOperationException',
    )
    expect(await service.answer('RevokeGrant', input)).toMatchObject({ body: null })
    expect(await refusedEncrypt(grantee)).toBe('AccessDeniedException')
    expect((await service.refusal('RevokeGrant', input)).code).toBe('NotFoundException')
    expect(await refusedEncrypt(admin, { GrantTokens: [GrantToken] })).toBe('InvalidGrantTokenException')
  })

  it.each<readonly [string, Principal, object, boolean]>([
    ['the principal named for it', enclave, { RetiringPrincipal: enclave.arn }, true],
    [
      'the grantee, where RetireGrant is in the list',
      grantee,
      { Operations: ['Encrypt', 'RetireGrant'] },
      true,
    ],
    ['the grantee otherwise', grantee, {}, false],
    ['whom an identity policy of the account lets', admin, {}, true],
    ['somebody else', enclave, {}, false],
    ['somebody of another account', stranger, {}, false],
    ['the one named of another account', stranger, { RetiringPrincipal: stranger.arn }, true],
  ])('RetireGrant by %s', async (_, as, input, allowed) => {
    await freshKey()
    const { GrantId, GrantToken } = await grant(input)
    for (const named of [{ KeyId: key, GrantId }, { GrantToken }]) {
      if (!allowed) {
        expect((await service.refusal('RetireGrant', named, { as })).code).toBe('AccessDeniedException')
      }
    }
    expect(await grantsOf()).toHaveLength(1)
    if (!allowed) return
    await service.ask('RetireGrant', { GrantToken }, { as })
    expect(await grantsOf()).toEqual([])
    expect((await service.refusal('RetireGrant', { GrantToken }, { as })).code).toBe(
      'InvalidGrantTokenException',
    )
  })

  it('RetireGrant is nothing that a key policy gives', async () => {
    const all = { Effect: 'Allow', Principal: { AWS: grantee.arn }, Action: 'kms:*' }
    await freshKey({ Policy: keyPolicy(delegation(), all) })
    const { GrantId } = await grant()
    const input = { KeyId: key, GrantId }
    expect((await service.refusal('RetireGrant', input, { as: grantee })).code).toBe('AccessDeniedException')
  })

  it.each<readonly [string, object, string]>([
    ['nothing', {}, 'ValidationException'],
    ['a key alone', { KeyId: '1234abcd-12ab-34cd-56ef-1234567890ab' }, 'ValidationException'],
    ['a token and an id', { GrantToken: 'x', GrantId: 'a'.repeat(64) }, 'ValidationException'],
    ['a token that is none', { GrantToken: 'AQpA' }, 'InvalidGrantTokenException'],
  ])('RetireGrant with %s', async (_, input, code) => {
    expect((await service.refusal('RetireGrant', input)).code).toBe(code)
  })

  it('an id that is none, and one that no grant has', async () => {
    for (const name of ['RetireGrant', 'RevokeGrant']) {
      expect((await service.refusal(name, { KeyId: key, GrantId: 'x' })).code).toBe('InvalidGrantIdException')
      expect((await service.refusal(name, { KeyId: key, GrantId: 'a'.repeat(64) })).code).toBe(
        'NotFoundException',
      )
    }
    expect((await service.refusal('ListGrants', { KeyId: key, GrantId: 'x' })).code).toBe(
      'InvalidGrantIdException',
    )
  })
})

describe('many grants', () => {
  it('are all looked at, some at a time', async () => {
    await freshKey()
    for (let number = 0; number < 1_100; number++) {
      await grant({ Constraints: { EncryptionContextEquals: { n: `${number}` } } })
    }
    for (const n of ['0', '1099']) await encrypt(grantee, { EncryptionContext: { n } })
    expect(service.lastRecord().decisions).toMatchObject([{ outcome: 'allow', by: 'grant' }])
    expect(await refusedEncrypt(grantee, { EncryptionContext: { n: 'x' } })).toBe('AccessDeniedException')
  })
})

describe('other accounts', () => {
  it('learn nothing of a key by asking for its grants', async () => {
    await freshKey()
    const input = { KeyId: key, GrantId: 'a'.repeat(64) }
    const here = await service.refusal('RetireGrant', input, { as: stranger })
    const nowhere = await service.refusal(
      'RetireGrant',
      { ...input, KeyId: key.replace(/.$/, (last) => (last === '0' ? '1' : '0')) },
      { as: stranger },
    )
    expect([here.code, nowhere]).toEqual(['AccessDeniedException', here])
  })

  it('work on the grants of a key by its ARN, where both sides let them', async () => {
    const open = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:root` },
      Action: 'kms:*',
    }
    await freshKey({ Policy: keyPolicy(delegation(), open) })
    const { GrantId } = await grant({ GranteePrincipal: stranger.arn }, { as: stranger })
    expect(await grantsOf({}, { as: stranger })).toMatchObject([
      { GrantId, KeyId: key, IssuingAccount: `arn:aws:iam::${OTHER_ACCOUNT}:root` },
    ])
    await service.ask('RevokeGrant', { KeyId: key, GrantId }, { as: stranger })
    await freshKey()
    for (const [name, input] of [
      ['CreateGrant', { GranteePrincipal: stranger.arn, Operations: ['Encrypt'] }],
      ['ListGrants', {}],
      ['RevokeGrant', { GrantId }],
    ] as const) {
      expect((await service.refusal(name, { KeyId: key, ...input }, { as: stranger })).code).toBe(
        'AccessDeniedException',
      )
    }
  })

  it('use a key under a grant and an identity policy of their own', async () => {
    await freshKey()
    await grant({ GranteePrincipal: stranger.arn })
    await encrypt(stranger)
    expect(await refusedEncrypt(makeUser('stranger', [], OTHER_ACCOUNT))).toBe('AccessDeniedException')
  })

  it('list what their own principals may retire', async () => {
    const input = { RetiringPrincipal: stranger.arn }
    expect((await service.refusal('ListRetirableGrants', input)).code).toBe('InvalidArnException')
    expect(await service.ask('ListRetirableGrants', input, { as: stranger })).toHaveProperty('Grants')
    expect((await service.refusal('ListRetirableGrants', {})).code).toBe('ValidationException')
    const ofService = { RetiringServicePrincipal: 's3.us-east-1.amazonaws.com' }
    expect(await service.ask('ListRetirableGrants', ofService)).toEqual({ Grants: [], Truncated: false })
    const toService = { KeyId: key, GranteeServicePrincipal: 's3.us-east-1.amazonaws.com' }
    expect(await service.ask('ListGrants', toService)).toEqual({ Grants: [], Truncated: false })
    const both = { ...toService, GranteePrincipal: grantee.arn }
    expect((await service.refusal('ListGrants', both)).code).toBe('ValidationException')
  })
})

describe('condition keys of grants', () => {
  const conditionKeysOf = async (name: string, input: object): Promise<unknown> => {
    await service.answer(name, input).catch(() => null)
    const keys = Object.entries({ ...service.lastRecord().decisions.at(-1)?.conditionKeys })
    return Object.fromEntries(
      keys.filter(([condition]) => /Grant|Retiring|EncryptionContext/.test(condition)),
    )
  }

  it('CreateGrant, RetireGrant, ListGrants and RevokeGrant', async () => {
    await freshKey()
    const Constraints = { EncryptionContextEquals: { tenant: 'a' } }
    const input = {
      KeyId: key,
      GranteePrincipal: grantee.arn,
      RetiringPrincipal: admin.arn,
      Operations: ['Encrypt', 'Decrypt'],
    }
    const ofConstraint = {
      'kms:GrantConstraintType': 'EncryptionContextEquals',
      'kms:EncryptionContext:tenant': 'a',
      'kms:EncryptionContextKeys': ['tenant'],
    }
    const plain = {
      'kms:GrantIsForAWSResource': 'false',
      'kms:GranteePrincipal': grantee.arn,
      'kms:RetiringPrincipal': admin.arn,
      'kms:GrantOperations': ['Decrypt', 'Encrypt'],
    }
    expect(await conditionKeysOf('CreateGrant', input)).toEqual(plain)
    expect(await conditionKeysOf('CreateGrant', { ...input, Constraints })).toEqual({
      ...plain,
      ...ofConstraint,
    })
    const SourceArn = `arn:aws:s3:us-east-1:${ACCOUNT}:bucket`
    const both = { SourceArn, EncryptionContextEquals: {}, EncryptionContextSubset: { a: 'b' } }
    expect(await conditionKeysOf('CreateGrant', { ...input, Constraints: both })).toMatchObject({
      'kms:GrantConstraintSourceArn': SourceArn,
      'kms:GrantConstraintType': ['EncryptionContextEquals', 'EncryptionContextSubset'],
    })
    const { GrantId } = await grant({ Constraints })
    expect(await conditionKeysOf('RetireGrant', { KeyId: key, GrantId })).toEqual(ofConstraint)
    expect(await conditionKeysOf('ListGrants', { KeyId: key })).toEqual({
      'kms:GrantIsForAWSResource': 'false',
    })
    expect(await conditionKeysOf('RevokeGrant', { KeyId: key, GrantId })).toEqual({
      'kms:GrantIsForAWSResource': 'false',
    })
  })
})

describe('a grant past attestation', () => {
  const gated = {
    Effect: 'Allow',
    Principal: { AWS: grantee.arn },
    Action: 'kms:GenerateDataKey',
    Condition: { StringEqualsIgnoreCase: { 'kms:RecipientAttestation:ImageSha384': IMAGE } },
  }
  const administer = { Effect: 'Allow', Principal: { AWS: admin.arn }, Action: 'kms:*' }
  const ask = (as: Principal, Recipient?: object): Promise<unknown> =>
    service.ask(
      'GenerateDataKey',
      { KeyId: key, KeySpec: 'AES_256', ...(Recipient && { Recipient }) },
      { as },
    )

  it('goes round a conditional allow', async () => {
    await freshKey({ Policy: keyPolicy(administer, gated) })
    await expect(ask(grantee)).rejects.toMatchObject({ code: 'AccessDeniedException' })
    await grant({ Operations: ['GenerateDataKey'] })
    expect(await ask(grantee)).toHaveProperty('Plaintext')
  })

  it('does not go round a conditional deny', async () => {
    const denied = {
      Effect: 'Deny',
      Principal: '*',
      Action: 'kms:GenerateDataKey',
      Condition: { StringNotEqualsIgnoreCase: { 'kms:RecipientAttestation:ImageSha384': IMAGE } },
    }
    await freshKey({ Policy: keyPolicy(administer, gated, denied) })
    await grant({ Operations: ['GenerateDataKey'] })
    await expect(ask(grantee)).rejects.toMatchObject({ code: 'AccessDeniedException' })
    expect(await ask(grantee, makeRecipient())).toHaveProperty('CiphertextForRecipient')
  })
})
