import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toRequestParameters } from '../../src/audit/request-parameters.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { parseJson } from '../../src/core/json.ts'
import { runs } from '../support/property-runs.ts'

const read = (input: object): JsonObject => parseJson(JSON.stringify(input)) as JsonObject
const parametersOf = (input: object): JsonObject | null =>
  toRequestParameters(read(input), Object.keys(input))

/** Members of the API that hold or unlock a secret, or are long and of no use in a record. */
const SECRET_MEMBERS = [
  'AttestationDocument',
  'Ciphertext',
  'CiphertextBlob',
  'CiphertextForRecipient',
  'EncryptedKeyMaterial',
  'GrantToken',
  'GrantTokens',
  'ImportToken',
  'Mac',
  'Message',
  'Plaintext',
  'PrivateKeyPlaintext',
  'PublicKey',
  'Recipient',
  'SharedSecret',
  'Signature',
  'XksProxyAuthenticationCredential',
]

describe('toRequestParameters', () => {
  // The names are those of the sample entries (AWS KMS Developer Guide, the pages of these operations).
  it.each([
    [
      'the members of GenerateDataKeyPair',
      { KeyId: 'k', KeyPairSpec: 'RSA_3072', EncryptionContext: { Project: 'Alpha' } },
      { keyId: 'k', keyPairSpec: 'RSA_3072', encryptionContext: { Project: 'Alpha' } },
    ],
    [
      'numbers and flags',
      { NumberOfBytes: 32, DryRun: true, PendingWindowInDays: 20, Limit: 5 },
      { numberOfBytes: 32, dryRun: true, pendingWindowInDays: 20, limit: 5 },
    ],
    [
      'tags',
      { Tags: [{ TagKey: 'Department', TagValue: 'IT', Other: 'x' }] },
      { tags: [{ tagKey: 'Department', tagValue: 'IT' }] },
    ],
    [
      'constraints of a grant',
      {
        GranteePrincipal: 'p',
        Operations: ['Encrypt'],
        Constraints: { EncryptionContextSubset: { ContextKey1: 'Value1' } },
      },
      {
        granteePrincipal: 'p',
        operations: ['Encrypt'],
        constraints: { encryptionContextSubset: { ContextKey1: 'Value1' } },
      },
    ],
    [
      'the algorithm of a call that leaves it to the default',
      { EncryptionAlgorithm: null, KeyId: 'k' },
      { encryptionAlgorithm: 'SYMMETRIC_DEFAULT', keyId: 'k' },
    ],
    [
      'the algorithm that was named',
      { EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' },
      { encryptionAlgorithm: 'RSAES_OAEP_SHA_1' },
    ],
    ['nothing', {}, null],
    [
      'values of other types',
      {
        KeyId: 5,
        NumberOfBytes: '32',
        DryRun: 1,
        Tags: 'x',
        EncryptionContext: [['a', 'b']],
        Constraints: 7,
      },
      null,
    ],
    [
      'elements of other types',
      { Operations: ['Decrypt', 5, null, ['x']], Tags: [7, { TagKey: 5 }] },
      { operations: ['Decrypt'], tags: [{}] },
    ],
    [
      'pairs of a context of other types',
      { EncryptionContext: { a: 'b', c: 5, d: { e: 'f' } } },
      { encryptionContext: { a: 'b' } },
    ],
  ])('%s', (_, input, expected) => {
    expect(parametersOf(input)).toEqual(expected)
  })

  it.each(SECRET_MEMBERS)('keeps %s out, whatever it holds', (member) => {
    const inputs = ['secret', ['secret'], { secret: 'secret' }, { AttestationDocument: 'secret' }]
    expect(inputs.map((value) => parametersOf({ [member]: value }))).toEqual([null, null, null, null])
  })

  it('keeps members out that the operation does not have', () => {
    expect(toRequestParameters(read({ KeyId: 'k', Description: 'd' }), ['KeyId'])).toEqual({ keyId: 'k' })
  })

  it('keeps names that are members of every object as data', () => {
    const context = '{"__proto__":"a","constructor":"b"}'
    const input = parseJson(`{"EncryptionContext":${context}}`) as JsonObject
    expect(JSON.stringify(toRequestParameters(input, ['EncryptionContext']))).toBe(
      `{"encryptionContext":${context}}`,
    )
  })

  it('records the longest texts that KMS takes whole, and cuts longer ones', () => {
    const policy = 'p'.repeat(32_768)
    expect(parametersOf({ Policy: policy, Description: 'd'.repeat(8192) })).toEqual({
      policy,
      description: 'd'.repeat(8192),
    })
    expect(parametersOf({ Policy: `${policy}p`, KeyId: 'k'.repeat(5000) })).toEqual({
      policy: `${policy}…`,
      keyId: `${'k'.repeat(2048)}…`,
    })
  })

  it('ends a context at a total length, and shows that it goes on', () => {
    const EncryptionContext = { a: 'x'.repeat(8000), b: 'y'.repeat(300), c: 'z' }
    expect(parametersOf({ EncryptionContext })).toEqual({
      encryptionContext: { a: 'x'.repeat(8000), '…': '…' },
    })
  })

  it('takes any JSON, and answers little of it', () => {
    const value = fc.jsonValue({ maxDepth: 4 })
    const members = fc.constantFrom(
      'KeyId',
      'Tags',
      'EncryptionContext',
      'Constraints',
      'Operations',
      'Plaintext',
    )
    fc.assert(
      fc.property(fc.dictionary(members, value), (input) => {
        const text = JSON.stringify(parametersOf(input))
        expect(text.length).toBeLessThanOrEqual(JSON.stringify(input).length + 200)
        expect(text).not.toContain('laintext')
      }),
      runs(200),
    )
    const huge = {
      Operations: Array.from({ length: 100_000 }, () => 'x'.repeat(5)),
      Tags: 'x'.repeat(500_000),
    }
    expect(JSON.stringify(parametersOf(huge)).length).toBeLessThan(1000)
  })
})
