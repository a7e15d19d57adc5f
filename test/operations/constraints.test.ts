import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KmsError } from '../../src/operations/errors.ts'
import { OPERATIONS } from '../../src/operations/index.ts'
import { parseInput } from '../../src/operations/parse-input.ts'
import { makeService, type TestService } from './a-service.ts'

const words = (text: string): readonly string[] => text.split(/\s+/)

/** What each member takes on the wire (KMS model): for the texts of type errors. */
const WIRE_TYPES: Record<string, readonly string[]> = {
  string: words(`KeyId TargetKeyId AliasName KeyPairSpec KeySpec CustomerMasterKeySpec KeyUsage Origin
    EncryptionAlgorithm KeyAgreementAlgorithm Marker Policy PolicyName Description CustomKeyStoreId XksKeyId
    GranteePrincipal GranteeServicePrincipal RetiringPrincipal RetiringServicePrincipal GrantId GrantToken Name`),
  integer: ['NumberOfBytes', 'Limit', 'PendingWindowInDays'],
  boolean: ['DryRun', 'BypassPolicyLockoutSafetyCheck', 'MultiRegion'],
  blob: ['Plaintext', 'CiphertextBlob', 'PublicKey'],
  list: ['GrantTokens', 'Tags', 'DryRunModifiers', 'Operations'],
  map: ['EncryptionContext'],
  structure: ['Recipient', 'Constraints'],
}
const wireTypeOf = (member: string): string =>
  Object.keys(WIRE_TYPES).find((type) => WIRE_TYPES[type]?.includes(member)) ?? 'unknown'

const LIST = 'Start of list found where not expected'
const OBJECT = 'Start of structure or map found where not expected.'
/** A wrong value, and the text for it, by what is wanted. */
const WRONG: Record<string, readonly (readonly [unknown, string | null])[]> = {
  string: [
    [7, 'NUMBER_VALUE can not be converted to a String'],
    [true, 'TRUE_VALUE can not be converted to a String'],
    [['a'], LIST],
    [{ a: 'b' }, OBJECT],
    ['\ud800', null],
  ],
  integer: [
    ['7', 'STRING_VALUE can not be converted to an Integer'],
    [true, 'TRUE_VALUE can not be converted to an Integer'],
    [false, 'FALSE_VALUE can not be converted to an Integer'],
    [[7], LIST],
    [{}, OBJECT],
  ],
  boolean: [
    ['true', 'STRING_VALUE can not be converted to a Boolean'],
    [1, 'NUMBER_VALUE can not be converted to a Boolean'],
    [[], LIST],
    [{}, OBJECT],
  ],
  blob: [
    [7, 'NUMBER_VALUE can not be converted to a Blob'],
    [[], LIST],
    [{}, OBJECT],
    ['AAA', null],
    ['AAAA====', null],
    ['AA-_', null],
    ['AAAA\n', null],
    ['AAB=', null],
  ],
  list: [
    ['a', 'Expected list or null'],
    [7, 'Expected list or null'],
    [{}, OBJECT],
    [[['a']], LIST],
  ],
  map: [
    ['a', 'Expected null'],
    [7, 'Expected null'],
    [['a'], LIST],
    [{ a: 1 }, 'NUMBER_VALUE can not be converted to a String'],
    [{ a: { b: 'c' } }, OBJECT],
  ],
  structure: [
    ['a', 'Expected null'],
    [false, 'Expected null'],
    [[], LIST],
  ],
}

const members = [...OPERATIONS.values()].flatMap(({ name, input }) =>
  Object.keys(input).map((member) => ({ name, member, required: input[member]?.required === true })),
)

let service: TestService
beforeAll(() => {
  service = makeService()
})
afterAll(() => service.close())

describe('types', () => {
  it('are known for every member', () => {
    expect(members.filter(({ member }) => wireTypeOf(member) === 'unknown')).toEqual([])
  })

  it.each(members)('a wrong type for $name $member is SerializationException', async ({ name, member }) => {
    for (const [value, text] of WRONG[wireTypeOf(member)] ?? []) {
      const refusal = await service.refusal(name, { [member]: value })
      expect({ value, ...refusal }).toEqual({ value, code: 'SerializationException', text, reason: null })
    }
  })

  it('the first wrong value in the order of the request is told of', async () => {
    const input = { NumberOfBytes: 'x', KeyId: 7 }
    expect((await service.refusal('GenerateDataKey', input)).text).toContain('Integer')
  })
})

const REQUIRED = 'failed to satisfy constraint: Member must not be null'
const path = (member: string): string => member.charAt(0).toLowerCase() + member.slice(1)

describe('required members', () => {
  it('are those of the API', () => {
    const required = members.filter((member) => member.required)
    expect(required.map(({ name, member }) => `${name}.${member}`)).toEqual(
      words(`CancelKeyDeletion.KeyId CreateAlias.AliasName CreateAlias.TargetKeyId CreateGrant.KeyId
        CreateGrant.Operations DeleteAlias.AliasName
        DeriveSharedSecret.KeyId DeriveSharedSecret.KeyAgreementAlgorithm DeriveSharedSecret.PublicKey
        DescribeKey.KeyId DisableKey.KeyId EnableKey.KeyId Encrypt.KeyId Encrypt.Plaintext GenerateDataKey.KeyId
        GenerateDataKeyPair.KeyId GenerateDataKeyPair.KeyPairSpec GenerateDataKeyPairWithoutPlaintext.KeyId
        GenerateDataKeyPairWithoutPlaintext.KeyPairSpec GenerateDataKeyWithoutPlaintext.KeyId GetKeyPolicy.KeyId
        GetPublicKey.KeyId ListGrants.KeyId ListKeyPolicies.KeyId PutKeyPolicy.KeyId PutKeyPolicy.Policy
        RevokeGrant.KeyId RevokeGrant.GrantId ScheduleKeyDeletion.KeyId
        UpdateAlias.AliasName UpdateAlias.TargetKeyId`),
    )
  })

  it.each([...OPERATIONS.keys()])(
    '%s without members, or with null ones, names all that it needs',
    async (name) => {
      const items = members
        .filter((member) => member.name === name && member.required)
        .map(({ member }) => `Value null at '${path(member)}' ${REQUIRED}`)
      if (items.length === 0) return
      const head = items.length === 1 ? '1 validation error' : `${items.length} validation errors`
      const text = `${head} detected: ${items.join('; ')}`
      const all = members.filter((member) => member.name === name).map(({ member }) => [member, null])
      for (const input of [{}, Object.fromEntries(all)]) {
        expect(await service.refusal(name, input)).toEqual({
          code: 'ValidationException',
          text,
          reason: null,
        })
      }
    },
  )
})

const long = (length: number): string => 'a'.repeat(length)
const bytes = (length: number): string => Buffer.alloc(length).toString('base64')
const atLeast = (length: number): string => `Member must have length greater than or equal to ${length}`
const atMost = (length: number): string => `Member must have length less than or equal to ${length}`
const KEY = { KeyId: long(1) }
const PAIR_SPECS =
  'RSA_2048, RSA_3072, RSA_4096, ECC_NIST_P256, ECC_NIST_P384, ECC_NIST_P521, ECC_SECG_P256K1, ECC_NIST_EDWARDS25519, ML_KEM_512, ML_KEM_768, ML_KEM_1024'
const KEY_SPECS =
  'RSA_2048, ECC_NIST_P384, ECC_NIST_P256, ECC_NIST_P521, HMAC_384, RSA_3072, ECC_SECG_P256K1, RSA_4096, SYMMETRIC_DEFAULT, HMAC_256, HMAC_224, HMAC_512'
const PATTERN = 'Member must satisfy regular expression pattern: '

/** Operation, input, and the items of the error; `'` marks what is shown. */
const VIOLATIONS: [string, object, ...string[]][] = [
  ['DescribeKey', { KeyId: '' }, `Value '' at 'keyId'|${atLeast(1)}`],
  ['DescribeKey', { KeyId: long(2049) }, `Value '${long(2049)}' at 'keyId'|${atMost(2048)}`],
  [
    'GenerateRandom',
    { NumberOfBytes: 0 },
    `Value '0' at 'numberOfBytes'|Member must have value greater than or equal to 1`,
  ],
  [
    'GenerateRandom',
    { NumberOfBytes: 1025 },
    `Value '1025' at 'numberOfBytes'|Member must have value less than or equal to 1024`,
  ],
  [
    'GenerateRandom',
    { NumberOfBytes: -0.5 },
    `Value '0' at 'numberOfBytes'|Member must have value greater than or equal to 1`,
  ],
  [
    'GenerateDataKey',
    { ...KEY, NumberOfBytes: -7 },
    `Value '-7' at 'numberOfBytes'|Member must have value greater than or equal to 1`,
  ],
  [
    'GenerateDataKey',
    { ...KEY, KeySpec: 'AES_512' },
    `Value 'AES_512' at 'keySpec'|Member must satisfy enum value set: [AES_256, AES_128]`,
  ],
  [
    'GenerateDataKeyPair',
    { ...KEY, KeyPairSpec: 'SM2' },
    `Value 'SM2' at 'keyPairSpec'|Member must satisfy enum value set: [${PAIR_SPECS}]`,
  ],
  [
    'GenerateDataKeyPair',
    { ...KEY, KeyPairSpec: 'constructor' },
    `Value 'constructor' at 'keyPairSpec'|Member must satisfy enum value set: [${PAIR_SPECS}]`,
  ],
  ['Encrypt', { ...KEY, Plaintext: '' }, `Value at 'plaintext'|${atLeast(1)}`],
  ['Encrypt', { ...KEY, Plaintext: bytes(4097) }, `Value at 'plaintext'|${atMost(4096)}`],
  [
    'Encrypt',
    { ...KEY, Plaintext: 'AAAA', EncryptionAlgorithm: 'NONE' },
    `Value 'NONE' at 'encryptionAlgorithm'|Member must satisfy enum value set: [SYMMETRIC_DEFAULT, RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256]`,
  ],
  [
    'Encrypt',
    { ...KEY, Plaintext: 'AAAA', EncryptionContext: { a: null } },
    `Value null at 'encryptionContext.a.member'|Member must not be null`,
  ],
  ['Decrypt', { CiphertextBlob: '' }, `Value at 'ciphertextBlob'|${atLeast(1)}`],
  ['Decrypt', { CiphertextBlob: bytes(6145) }, `Value at 'ciphertextBlob'|${atMost(6144)}`],
  [
    'Decrypt',
    { DryRunModifiers: ['A'] },
    `Value 'A' at 'dryRunModifiers.1.member'|Member must satisfy enum value set: [IGNORE_CIPHERTEXT]`,
  ],
  [
    'DeriveSharedSecret',
    { ...KEY, KeyAgreementAlgorithm: 'DH', PublicKey: bytes(8193) },
    `Value 'DH' at 'keyAgreementAlgorithm'|Member must satisfy enum value set: [ECDH]`,
    `Value at 'publicKey'|${atMost(8192)}`,
  ],
  ['DescribeKey', { ...KEY, GrantTokens: ['a', ''] }, `Value at 'grantTokens.2.member'|${atLeast(1)}`],
  ['DescribeKey', { ...KEY, GrantTokens: [long(8193)] }, `Value at 'grantTokens.1.member'|${atMost(8192)}`],
  [
    'DescribeKey',
    { ...KEY, GrantTokens: [null] },
    `Value null at 'grantTokens.1.member'|Member must not be null`,
  ],
  [
    'DescribeKey',
    { ...KEY, GrantTokens: Array.from({ length: 11 }, () => 'a') },
    `Value at 'grantTokens'|${atMost(10)}`,
  ],
  [
    'CreateAlias',
    { AliasName: '', TargetKeyId: 'a' },
    `Value '' at 'aliasName'|${atLeast(1)}`,
    `Value '' at 'aliasName'|${PATTERN}^[a-zA-Z0-9:/_-]+$`,
  ],
  [
    'CreateAlias',
    { AliasName: 'alias/a b', TargetKeyId: '' },
    `Value 'alias/a b' at 'aliasName'|${PATTERN}^[a-zA-Z0-9:/_-]+$`,
    `Value '' at 'targetKeyId'|${atLeast(1)}`,
  ],
  [
    'CreateAlias',
    { AliasName: `alias/${long(251)}`, TargetKeyId: 'a' },
    `Value 'alias/${long(251)}' at 'aliasName'|${atMost(256)}`,
  ],
  [
    'CreateKey',
    { KeySpec: 'HMAC_random' },
    `Value 'HMAC_random' at 'keySpec'|Member must satisfy enum value set: [${KEY_SPECS}, ML_DSA_44, ML_DSA_65, ML_DSA_87, ECC_NIST_EDWARDS25519, ML_KEM_512, ML_KEM_768, ML_KEM_1024]`,
  ],
  [
    'CreateKey',
    { CustomerMasterKeySpec: 'ML_DSA_44' },
    `Value 'ML_DSA_44' at 'customerMasterKeySpec'|Member must satisfy enum value set: [${KEY_SPECS}]`,
  ],
  [
    'CreateKey',
    { KeyUsage: 'sign' },
    `Value 'sign' at 'keyUsage'|Member must satisfy enum value set: [ENCRYPT_DECRYPT, SIGN_VERIFY, GENERATE_VERIFY_MAC, KEY_AGREEMENT, ENCAPSULATE_DECAPSULATE]`,
  ],
  ['CreateKey', { Description: long(8193) }, `Value '${long(8193)}' at 'description'|${atMost(8192)}`],
  [
    'CreateKey',
    { Tags: [{ TagKey: long(129), TagValue: '' }] },
    `Value '${long(129)}' at 'tags.1.member.tagKey'|${atMost(128)}`,
  ],
  [
    'CreateKey',
    { Tags: [{ TagKey: 'a', TagValue: long(257) }] },
    `Value '${long(257)}' at 'tags.1.member.tagValue'|${atMost(256)}`,
  ],
  [
    'CreateKey',
    { Tags: [{ TagKey: 'a', TagValue: 'b' }, {}] },
    `Value null at 'tags.2.member.tagKey'|Member must not be null`,
    `Value null at 'tags.2.member.tagValue'|Member must not be null`,
  ],
  [
    'CreateKey',
    { Policy: '' },
    `Value '' at 'policy'|${atLeast(1)}`,
    `Value '' at 'policy'|${PATTERN}[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+`,
  ],
  [
    'CreateKey',
    { Policy: '\u0100' },
    `Value '\u0100' at 'policy'|${PATTERN}[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+`,
  ],
  ['GetKeyPolicy', { ...KEY, PolicyName: 'a-b' }, `Value 'a-b' at 'policyName'|${PATTERN}[\\w]+`],
  ['ListKeys', { Limit: 1001 }, `Value '1001' at 'limit'|Member must have value less than or equal to 1000`],
  [
    'ListAliases',
    { Limit: 101, Marker: '' },
    `Value '101' at 'limit'|Member must have value less than or equal to 100`,
    `Value '' at 'marker'|${atLeast(1)}`,
  ],
  [
    'ScheduleKeyDeletion',
    { ...KEY, PendingWindowInDays: 366 },
    `Value '366' at 'pendingWindowInDays'|Member must have value less than or equal to 365`,
  ],
]

describe('constraints', () => {
  it.each(VIOLATIONS)('%s %j', async (name, input, ...items) => {
    const head = items.length === 1 ? '1 validation error' : `${items.length} validation errors`
    const each = items.map((item) => item.replace('|', ' failed to satisfy constraint: '))
    const text = `${head} detected: ${each.join('; ')}`
    expect(await service.refusal(name, input)).toEqual({ code: 'ValidationException', text, reason: null })
  })

  it('a type error comes before a constraint error', async () => {
    const refusal = await service.refusal('GenerateDataKey', { KeyId: '', NumberOfBytes: [] })
    expect(refusal.code).toBe('SerializationException')
  })

  it('in the China Regions SM2 is offered and ML-KEM is not', async () => {
    const input = { KeyId: '1234abcd-12ab-34cd-56ef-1234567890ab', KeyPairSpec: 'SM2' }
    const inChina = { region: 'cn-north-1' }
    expect(await service.refusal('GenerateDataKeyPair', input, inChina)).toMatchObject({
      code: 'NotFoundException',
    })
    const mlKem = await service.refusal(
      'GenerateDataKeyPair',
      { ...input, KeyPairSpec: 'ML_KEM_512' },
      inChina,
    )
    expect(mlKem.text).toMatch(/ECC_SECG_P256K1, SM2, ECC_NIST_EDWARDS25519\]$/)
  })

  it('counts characters, not code units', async () => {
    const Description = '\u{1f511}'.repeat(8192)
    expect((await service.ask('CreateKey', { Description })).KeyMetadata['Description']).toBe(Description)
  })

  it('takes a fraction as the integer below it, and ignores unknown members', async () => {
    const { Plaintext } = await service.ask('GenerateRandom', {
      NumberOfBytes: 3.9,
      constructor: 1,
      Unknown: [],
    })
    expect(Buffer.from(Plaintext, 'base64')).toHaveLength(3)
  })

  it.each([
    ['GrantTokens', 'DescribeKey', Array.from({ length: 300_000 }, () => ''), 101],
    ['DryRunModifiers', 'Decrypt', Array.from({ length: 300_000 }, () => 'A'), 100],
    [
      'EncryptionContext',
      'GenerateDataKeyWithoutPlaintext',
      Object.fromEntries(Array.from({ length: 60_000 }, (_, number) => [`${number}`, null])),
      100,
    ],
  ] as const)('tells of the first 100 bad items of %s only', async (member, operation, value, count) => {
    const { text } = await service.refusal(operation, {
      KeyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
      [member]: value,
    })
    expect(text).toMatch(new RegExp(`^${count} validation errors detected: `))
    expect(text?.length).toBeLessThan(20_000)
  })

  it('any JSON object gives an input or a KmsError', () => {
    const member = fc.constantFrom(...new Set(members.map((one) => one.member)), '__proto__', 'recipient')
    fc.assert(
      fc.property(
        fc.constantFrom(...OPERATIONS.values()),
        fc.dictionary(member, fc.jsonValue()),
        (operation, input) => {
          try {
            parseInput(operation.input, input as never, 'us-east-1')
          } catch (error) {
            expect(error).toBeInstanceOf(KmsError)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})
