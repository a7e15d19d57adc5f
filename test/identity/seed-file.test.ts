import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdentityError } from '../../src/identity/errors.ts'
import type { Seed } from '../../src/identity/seed-file.ts'
import { parseSeedFile } from '../../src/identity/seed-file.ts'
import { parsePolicy } from '../../src/policy/document.ts'
import type { PolicyKind } from '../../src/policy/statement.ts'

const checks = {
  checkPolicy: (document: string, kind: PolicyKind) => void parsePolicy(document, kind),
  isKeySpec: (spec: string) => spec === 'SYMMETRIC_DEFAULT' || spec === 'ECC_NIST_P256',
}

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'

const GOOD = `
accounts:
  "111122223333":
    users:
      alice:
        accessKeys: [{ id: AKIAIOSFODNN7EXAMPLE, secret: ${SECRET} }]
        policies:
          - { Version: 2012-10-17, Statement: [{ Effect: Allow, Action: "kms:*", Resource: "*" }] }
          - '{"Statement":{"Effect":"Deny","Action":"kms:PutKeyPolicy","Resource":"*"}}'
      bob: {}
    roles:
      enclave-host: { policies: [] }
  "012345678901": {}
keys:
  - id: 1234abcd-12ab-34cd-56ef-1234567890ab
    region: us-east-1
    account: "111122223333"
    spec: SYMMETRIC_DEFAULT
    aliases: [alias/app, alias/team/app]
    policy: { Statement: [{ Effect: Allow, Principal: { AWS: "111122223333" }, Action: "kms:*", Resource: "*" }] }
    material: AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=
  - { id: 5678abcd-12ab-34cd-56ef-1234567890ab, region: eu-west-1, account: "012345678901", spec: ECC_NIST_P256 }
`

const read = (text: string): Seed => parseSeedFile(text, checks)

/** The error that a text gives, as `code: message`. */
function errorOf(text: string): string {
  try {
    read(text)
    return 'none'
  } catch (error) {
    return error instanceof IdentityError
      ? `${error.code}: ${error.message}`
      : `another error: ${String(error)}`
  }
}

describe('parseSeedFile reads', () => {
  const seed = read(GOOD)

  it('users with access keys and policies', () => {
    expect(seed.accessKeys).toHaveLength(1)
    const [alice] = seed.accessKeys
    expect(alice).toMatchObject({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: SECRET })
    expect(alice?.principal).toMatchObject({ arn: 'arn:aws:iam::111122223333:user/alice', kind: 'user' })
    expect(alice?.principal.identityPolicies.map((policy) => policy.name)).toEqual([
      'policies[0]',
      'policies[1]',
    ])
    expect(JSON.parse(alice?.principal.identityPolicies[0]?.document ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }],
    })
  })

  it('accounts with the names of users and roles, leading zeros kept', () => {
    expect(seed.accounts).toEqual([
      { accountId: '111122223333', userNames: ['alice', 'bob'], roleNames: ['enclave-host'] },
      { accountId: '012345678901', userNames: [], roleNames: [] },
    ])
  })

  it('keys', () => {
    const [first, second] = seed.keys
    expect(first).toMatchObject({
      keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
      region: 'us-east-1',
      accountId: '111122223333',
      spec: 'SYMMETRIC_DEFAULT',
      aliases: ['alias/app', 'alias/team/app'],
    })
    expect(first?.material?.reveal()).toEqual(new Uint8Array(32).fill(1))
    expect(JSON.parse(first?.policy ?? '')).toHaveProperty('Statement')
    expect(second).toMatchObject({ aliases: [], policy: null, material: null })
  })

  it('JSON, and a file that declares nothing', () => {
    expect(read('{"accounts":{"111122223333":{"users":{"a":{}}}}}').accounts).toHaveLength(1)
    expect(read('{}')).toEqual({ accessKeys: [], accounts: [], roles: [], keys: [] })
  })

  it('a key under one id in two Regions, and one alias in two accounts', () => {
    const key = (region: string, account: string): string =>
      `  - { id: 5678abcd-12ab-34cd-56ef-1234567890ab, region: ${region}, account: "${account}", spec: SYMMETRIC_DEFAULT, aliases: [alias/a] }`
    const text = `keys:\n${key('us-east-1', '111122223333')}\n${key('us-east-2', '444455556666')}`
    expect(read(text).keys).toHaveLength(2)
  })
})

describe('parseSeedFile refuses', () => {
  /** The good file with one text in it replaced. */
  const changed = (from: string, to: string): string => {
    expect(GOOD).toContain(from)
    return GOOD.replace(from, to)
  }
  it.each<[string, () => string, string, string]>([
    [
      'an unquoted account number',
      () => changed('"111122223333":', '111122223333:'),
      'SEED_NUMBER_UNQUOTED',
      'accounts, member 111122223333: quote it',
    ],
    [
      'an unquoted account of a key',
      () => changed('account: "111122223333"', 'account: 111122223333'),
      'SEED_NUMBER_UNQUOTED',
      'keys[0].account: quote it',
    ],
    [
      'an account of eleven digits',
      () => changed('"012345678901": {}', '"12345678901": {}'),
      'SEED_ACCOUNT_INVALID',
      'accounts.12345678901',
    ],
    [
      'an unknown top member',
      () => `${GOOD}\nkey: []`,
      'SEED_MEMBER_UNKNOWN',
      'the file has a member that is none of accounts, keys',
    ],
    [
      'an unknown member of a user',
      () => changed('bob: {}', 'bob: { policy: [] }'),
      'SEED_MEMBER_UNKNOWN',
      'accounts.111122223333.users.bob',
    ],
    [
      'a merge key',
      () => changed('bob: {}', 'bob: { <<: {} }'),
      'SEED_MEMBER_UNKNOWN',
      'users.bob has a member',
    ],
    ['a member given twice', () => `${GOOD}\nkeys: []`, 'SEED_NOT_YAML', 'line'],
    ['two documents', () => `${GOOD}\n---\n{}`, 'SEED_NOT_YAML', 'line'],
    ['no YAML', () => 'accounts: [', 'SEED_NOT_YAML', 'line'],
    ['an unknown tag', () => 'accounts: !!js/function "x"', 'SEED_NOT_YAML', 'line 1'],
    ['an empty file', () => '', 'SEED_TYPE_WRONG', 'the file'],
    [
      'users that are a list',
      () => changed('users:\n', 'users: []\n    x:\n'),
      'SEED_MEMBER_UNKNOWN',
      'accounts.111122223333 has a member',
    ],
    [
      'a user without a body',
      () => changed('bob: {}', 'bob:'),
      'SEED_TYPE_WRONG',
      'users.bob takes an object',
    ],
    [
      'a name with a slash',
      () => changed('bob: {}', 'team/bob: {}'),
      'SEED_NAME_INVALID',
      'accounts.111122223333.users has a name',
    ],
    [
      'policies that are an object',
      () => changed('policies: []', 'policies: {}'),
      'SEED_TYPE_WRONG',
      'enclave-host.policies takes a list',
    ],
    [
      'a policy that cannot be used',
      () => changed('Effect: Allow, Action', 'Effect: allow, Action'),
      'SEED_POLICY_INVALID',
      'alice.policies[0]: Statement[0].Effect',
    ],
    [
      'a policy of a role that cannot be used',
      () => changed('policies: []', 'policies: [{}]'),
      'SEED_POLICY_INVALID',
      'enclave-host.policies[0]',
    ],
    [
      'a key policy that cannot be used',
      () => changed('Principal: { AWS: "111122223333" }, ', ''),
      'SEED_POLICY_INVALID',
      'keys[0].policy: Statement[0] names no principal',
    ],
    [
      'a policy that is a number',
      () => changed('policies: []', 'policies: [1]'),
      'SEED_POLICY_INVALID',
      'enclave-host.policies[0]',
    ],
    [
      'a secret with a space',
      () => changed(SECRET, '"a b"'),
      'SEED_ACCESS_KEY_INVALID',
      'alice.accessKeys[0]',
    ],
    [
      'material that is a number',
      () => changed('material: AQEBAQEB', 'material: 1 #'),
      'SEED_NUMBER_UNQUOTED',
      'keys[0].material',
    ],
    [
      'an alias that is an object',
      () => changed('alias/team/app', '{}'),
      'SEED_TYPE_WRONG',
      'keys[0].aliases[1] takes a text',
    ],
    [
      'an access key id of 15 characters',
      () => changed('AKIAIOSFODNN7EXAMPLE', 'AKIAIOSFODNN7EX'),
      'SEED_ACCESS_KEY_INVALID',
      'alice.accessKeys[0]',
    ],
    ['an empty secret', () => changed(SECRET, '""'), 'SEED_ACCESS_KEY_INVALID', 'alice.accessKeys[0]'],
    [
      'a secret that is a number',
      () => changed(SECRET, '12345'),
      'SEED_NUMBER_UNQUOTED',
      'alice.accessKeys[0].secret: quote it',
    ],
    [
      'no secret',
      () => changed(`, secret: ${SECRET}`, ''),
      'SEED_MEMBER_MISSING',
      'alice.accessKeys[0].secret',
    ],
    [
      'an access key id given twice',
      () => changed('bob: {}', `bob: { accessKeys: [{ id: AKIAIOSFODNN7EXAMPLE, secret: x }] }`),
      'SEED_ACCESS_KEY_REPEATED',
      'bob.accessKeys[0].id',
    ],
    [
      'a key id in upper case',
      () => changed('1234abcd-12ab', '1234ABCD-12ab'),
      'SEED_KEY_ID_INVALID',
      'keys[0].id',
    ],
    ['a Region that is none', () => changed('eu-west-1', 'europe'), 'SEED_REGION_INVALID', 'keys[1].region'],
    ['an unknown spec', () => changed('ECC_NIST_P256', 'SM2'), 'SEED_SPEC_UNKNOWN', 'keys[1].spec'],
    [
      'an alias of AWS',
      () => changed('alias/app,', 'alias/aws/app,'),
      'SEED_ALIAS_INVALID',
      'keys[0].aliases[0]',
    ],
    [
      'an alias without its prefix',
      () => changed('alias/team/app', 'app'),
      'SEED_ALIAS_INVALID',
      'keys[0].aliases[1]',
    ],
    [
      'an alias given twice',
      () => changed('alias/team/app', 'alias/app'),
      'SEED_ALIAS_REPEATED',
      'keys[0].aliases',
    ],
    [
      'material that is not base64',
      () => changed('AQEBAQEBAQEBAQEB', 'AQEB-'),
      'SEED_MATERIAL_INVALID',
      'keys[0].material',
    ],
    [
      'a key given twice',
      () =>
        changed(
          'id: 5678abcd-12ab-34cd-56ef-1234567890ab, region: eu-west-1',
          'id: 1234abcd-12ab-34cd-56ef-1234567890ab, region: us-east-1',
        ),
      'SEED_KEY_REPEATED',
      'keys[1].id',
    ],
    [
      'a number that JSON cannot hold',
      () => changed('policies: []', 'policies: [.nan]'),
      'SEED_VALUE_INVALID',
      'enclave-host.policies[0]',
    ],
    ['a name that is null', () => changed('bob: {}', 'null: {}'), 'SEED_VALUE_INVALID', 'users'],
    [
      'nesting over 64 levels',
      () => `keys: ${'['.repeat(80)}${']'.repeat(80)}`,
      'SEED_VALUE_INVALID',
      'keys',
    ],
    ['nesting without end', () => `keys: ${'['.repeat(100_000)}`, 'SEED_NOT_YAML', 'seed file'],
    ['over 1 MiB', () => `# ${'x'.repeat(1024 * 1024)}`, 'SEED_TOO_LARGE', '1 MiB'],
    [
      'aliases that multiply',
      () =>
        `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nkeys: [*c,*c,*c,*c]`,
      'SEED_NOT_YAML',
      'aliases',
    ],
  ])('%s with the code, naming the place', (_, make, code, place) => {
    const error = errorOf(make())
    expect(error).toContain(place)
    expect(error.split(':')[0]).toBe(code)
    expect(error).not.toContain(SECRET)
  })
})

describe('whatever the text', () => {
  it.each([
    ['any text', fc.string({ unit: 'binary' })],
    ['any JSON', fc.json()],
    [
      'the good file with one piece taken out',
      fc
        .tuple(fc.nat(GOOD.length), fc.nat(40))
        .map(([at, length]) => GOOD.slice(0, at) + GOOD.slice(at + length)),
    ],
  ])('%s gives a seed or an IdentityError without the secret', (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        const error = errorOf(text)
        expect(error).not.toMatch(/^another/)
        expect(error).not.toContain(SECRET)
      }),
      { numRuns: 300 },
    )
  })
})
