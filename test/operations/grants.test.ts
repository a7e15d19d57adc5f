import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Principal } from '../../src/identity/principal.ts'
import { grantee, listGrants, type MadeGrant, makeGrant } from './a-grant.ts'
import { ACCOUNT, admin, delegation, keyPolicy, makeService, type TestService } from './a-service.ts'

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

describe('a grant', () => {
  it('lets its grantee do what it lists at once, with the token and without, and nothing else', async () => {
    await freshKey()
    expect(await refusedEncrypt(grantee)).toBe('AccessDeniedException')
    const { GrantToken, GrantId } = await grant()
    expect(GrantId).toMatch(/^[0-9a-f]{64}$/)
    await encrypt(grantee)
    await encrypt(grantee, { GrantTokens: [GrantToken] })
    const { decisions } = service.lastRecord()
    expect(decisions).toMatchObject([
      { outcome: 'allow', by: 'grant', grants: [{ grant: GrantId, mismatch: null }] },
    ])
    const dataKey = { KeyId: key, KeySpec: 'AES_256' }
    const refusal = await service.refusal('GenerateDataKey', dataKey, { as: grantee })
    expect(refusal.text).toContain('because no identity-based policy allows the kms:GenerateDataKey action')
    expect(service.lastRecord().decisions[0]?.grants).toEqual([
      { grant: GrantId, mismatch: expect.stringContaining('"Encrypt"') },
    ])
  })

  it('is not looked at where policies allow', async () => {
    await grant({ GranteePrincipal: admin.arn })
    await encrypt(admin)
    expect(service.lastRecord().decisions[0]).toMatchObject({ by: 'identity-policy', grants: [] })
  })

  it('does not help against an explicit deny', async () => {
    await freshKey({
      Policy: keyPolicy(delegation(), {
        Effect: 'Deny',
        Principal: { AWS: grantee.arn },
        Action: 'kms:Encrypt',
      }),
    })
    await grant()
    const { text } = await service.refusal('Encrypt', { KeyId: key, Plaintext: 'AAAA' }, { as: grantee })
    expect(text).toContain('with an explicit deny in a resource-based policy')
  })

  it('shows in lists as it was made', async () => {
    await freshKey()
    const constraints = { EncryptionContextSubset: { tenant: 'a' } }
    const { GrantId } = await grant({
      Name: 'app',
      Operations: ['Encrypt', 'Decrypt', 'Encrypt'],
      RetiringPrincipal: admin.arn,
      Constraints: constraints,
    })
    const entry = {
      KeyId: key,
      GrantId,
      Name: 'app',
      CreationDate: expect.any(Number),
      GranteePrincipal: grantee.arn,
      RetiringPrincipal: admin.arn,
      IssuingAccount: `arn:aws:iam::${ACCOUNT}:root`,
      Operations: ['Decrypt', 'Encrypt'],
      Constraints: constraints,
    }
    expect(await grantsOf()).toEqual([entry])
    expect(await grantsOf({ GrantId })).toEqual([entry])
    expect(await grantsOf({ GranteePrincipal: grantee.arn })).toEqual([entry])
    expect(await grantsOf({ GranteePrincipal: admin.arn })).toEqual([])
    expect(await grantsOf({ GrantId, GranteePrincipal: admin.arn })).toEqual([])
    expect(await grantsOf({ GrantId: 'f'.repeat(64) })).toEqual([])
    const { Grants } = await service.ask('ListRetirableGrants', { RetiringPrincipal: admin.arn })
    expect(Grants).toContainEqual(entry)
  })

  it('is found page after page', async () => {
    await freshKey()
    for (const Name of ['a', 'b', 'c']) await grant({ Name })
    const first = await service.ask('ListGrants', { KeyId: key, Limit: 2 })
    const second = await service.ask('ListGrants', { KeyId: key, Limit: 2, Marker: first.NextMarker })
    expect([first['Truncated'], second['Truncated'], second.NextMarker]).toEqual([true, false, undefined])
    // The lists of answers.
    const all = [...(first['Grants'] as { Name: string }[]), ...(second['Grants'] as { Name: string }[])]
    expect(all.map(({ Name }) => Name).toSorted()).toEqual(['a', 'b', 'c'])
    const wrong = { RetiringPrincipal: admin.arn, Marker: first.NextMarker }
    expect((await service.refusal('ListRetirableGrants', wrong)).code).toBe('InvalidMarkerException')
  })

  it('is made once for retries under one name, with a fresh token each time', async () => {
    await freshKey()
    const first = await grant({ Name: 'app' })
    const second = await grant({ Name: 'app' })
    expect(second.GrantId).toBe(first.GrantId)
    expect(second.GrantToken).not.toBe(first.GrantToken)
    expect((await grant({ Name: 'app', Operations: ['Decrypt'] })).GrantId).not.toBe(first.GrantId)
    expect((await grant()).GrantId).not.toBe((await grant()).GrantId)
    const [a, b] = await Promise.all([grant({ Name: 'two' }), grant({ Name: 'two' })])
    expect(a.GrantId).toBe(b.GrantId)
  })

  it('is nothing to a dry run', async () => {
    await freshKey()
    const input = { KeyId: key, GranteePrincipal: grantee.arn, Operations: ['Encrypt'], DryRun: true }
    expect((await service.refusal('CreateGrant', input)).code).toBe('DryRunOperationException')
    expect(await grantsOf()).toEqual([])
  })

  it('goes with the key that it is for', async () => {
    await freshKey()
    await service.ask('DisableKey', { KeyId: key })
    const input = { KeyId: key, GranteePrincipal: grantee.arn, Operations: ['Encrypt'] }
    expect((await service.refusal('CreateGrant', input)).code).toBe('DisabledException')
  })
})

describe('constraints', () => {
  it.each([
    ['EncryptionContextEquals', { tenant: 'a' }, true],
    ['EncryptionContextEquals', { tenant: 'a', more: 'b' }, false],
    ['EncryptionContextEquals', { Tenant: 'a' }, false],
    ['EncryptionContextEquals', {}, false],
    ['EncryptionContextSubset', { tenant: 'a' }, true],
    ['EncryptionContextSubset', { tenant: 'a', more: 'b' }, true],
    ['EncryptionContextSubset', { tenant: 'A' }, false],
    ['EncryptionContextSubset', {}, false],
  ])('%s of {tenant: a} and the context %j: %s', async (constraint, EncryptionContext, allowed) => {
    await freshKey()
    await grant({ Constraints: { [constraint]: { tenant: 'a' } }, Operations: ['Encrypt', 'DescribeKey'] })
    if (allowed) await encrypt(grantee, { EncryptionContext })
    else expect(await refusedEncrypt(grantee, { EncryptionContext })).toBe('AccessDeniedException')
    await service.ask('DescribeKey', { KeyId: key }, { as: grantee })
  })

  it('SourceArn wants the resource of a service that calls', async () => {
    await freshKey()
    const SourceArn = `arn:aws:s3:us-east-1:${ACCOUNT}:bucket`
    await grant({ Constraints: { SourceArn } })
    expect(await refusedEncrypt(grantee)).toBe('AccessDeniedException')
    const input = { KeyId: key, Plaintext: 'AAAA' }
    const origin = { viaService: 's3.us-east-1.amazonaws.com', sourceArn: SourceArn }
    await service.ask('Encrypt', input, { as: grantee, origin })
  })
})

describe('what a grant may not be', () => {
  it.each<readonly [string, object, string, RegExp]>([
    ['for nobody', { GranteePrincipal: undefined }, 'ValidationException', /granteePrincipal/],
    [
      'for a service',
      { GranteePrincipal: undefined, GranteeServicePrincipal: 's3.us-east-1.amazonaws.com' },
      'ValidationException',
      /service principals/,
    ],
    ['for everybody', { GranteePrincipal: '*' }, 'ValidationException', /granteePrincipal/],
    [
      'for a user that is not there',
      { GranteePrincipal: `arn:aws:iam::${ACCOUNT}:user/ghost` },
      'InvalidArnException',
      /ghost/,
    ],
    [
      'for a user of another partition',
      { GranteePrincipal: `arn:aws-cn:iam::${ACCOUNT}:user/nobody` },
      'InvalidArnException',
      /aws-cn/,
    ],
    ['under constraints in another case', { constraints: {} }, 'ValidationException', /Constraints/],
    ['retired by a name that is none', { RetiringPrincipal: 'alice' }, 'InvalidArnException', /alice/],
    ['of no operation', { Operations: [] }, 'ValidationException', /at least one operation/],
    [
      'of an operation that is none',
      { Operations: ['PutKeyPolicy'] },
      'ValidationException',
      /operations\.1\.member/,
    ],
    [
      'of operations of other keys',
      { Operations: ['Sign', 'GetPublicKey', 'Encrypt'] },
      'ValidationException',
      /GetPublicKey, Sign\./,
    ],
    [
      'under a constraint misspelt',
      { Constraints: { EncryptionContextEqual: { a: 'b' } } },
      'ValidationException',
      /'constraints'/,
    ],
    [
      'under a constraint of nine pairs',
      { Constraints: { EncryptionContextEquals: Object.fromEntries([...'abcdefghi'].map((k) => [k, ''])) } },
      'ValidationException',
      /constraints\.encryptionContextEquals/,
    ],
    [
      'under a constraint of a long value',
      { Constraints: { EncryptionContextSubset: { a: 'x'.repeat(385) } } },
      'ValidationException',
      /constraints\.encryptionContextSubset\.a\.member/,
    ],
    [
      'under a constraint of no text',
      { Constraints: { EncryptionContextSubset: { a: null } } },
      'ValidationException',
      /Value null at/,
    ],
    [
      'under a source that is no ARN',
      { Constraints: { SourceArn: 'x' } },
      'ValidationException',
      /sourceArn/,
    ],
    ['named with a space', { Name: 'a b' }, 'ValidationException', /'name'/],
  ])('%s', async (_, input, code, text) => {
    const whole = { KeyId: key, GranteePrincipal: grantee.arn, Operations: ['Encrypt'], ...input }
    const refusal = await service.refusal('CreateGrant', whole)
    expect(refusal.code).toBe(code)
    expect(refusal.text).toMatch(text)
  })

  it('under an encryption context for a key that has none', async () => {
    const agreement = await service.newKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })
    const input = {
      KeyId: agreement,
      GranteePrincipal: grantee.arn,
      Operations: ['DeriveSharedSecret', 'GetPublicKey'],
    }
    const Constraints = { EncryptionContextEquals: { a: 'b' } }
    expect((await service.refusal('CreateGrant', { ...input, Constraints })).code).toBe('ValidationException')
    await service.ask('CreateGrant', input)
  })

  it('found by an alias', async () => {
    await service.ask('CreateAlias', { AliasName: 'alias/grants', TargetKeyId: key })
    for (const name of ['CreateGrant', 'ListGrants', 'RevokeGrant', 'RetireGrant']) {
      const input = { GranteePrincipal: grantee.arn, Operations: ['Encrypt'], GrantId: 'a'.repeat(64) }
      const members = name === 'CreateGrant' ? input : { GrantId: input.GrantId }
      expect((await service.refusal(name, { KeyId: 'alias/grants', ...members })).code).toBe(
        'NotFoundException',
      )
    }
  })
})
