import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase64 } from '../../src/core/base64.ts'
import { concatBytes, parseHex, toHex } from '../../src/core/bytes.ts'
import { encodeCiphertextHeader, parseCiphertextBlob } from '../../src/keys/ciphertext-blob.ts'
import { KeysError } from '../../src/keys/errors.ts'

const header = {
  keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
  materialId: 'c0'.repeat(32),
  nonce: parseHex('a0a1a2a3a4a5a6a7a8a9aaabacadaeaf'),
  iv: parseHex('b0b1b2b3b4b5b6b7b8b9babb'),
}
const makeBlob = (plaintextLength: number, keyId = header.keyId): Uint8Array =>
  concatBytes(
    encodeCiphertextHeader({ ...header, keyId }, plaintextLength),
    new Uint8Array(plaintextLength + 16),
  )

const invalid: unknown = expect.objectContaining({ name: 'KeysError', code: 'CIPHERTEXT_INVALID' })

describe('a ciphertext blob', () => {
  it('begins as AWS KMS ciphertext does, with the material id behind', () => {
    expect(encodeBase64(makeBlob(1))).toMatch(/^AQIDAH/)
    expect(toHex(makeBlob(1).subarray(0, 38))).toBe(`0102030078${header.materialId}01`)
  })

  it.each(['1234abcd-12ab-34cd-56ef-1234567890ab', 'mrk-1234abcd12ab34cd56ef1234567890ab'])(
    'names its key: %s',
    (keyId) => {
      const blob = makeBlob(5, keyId)
      const { ciphertext, tag, header: bytes, ...parsed } = parseCiphertextBlob(blob)
      expect(parsed).toEqual({ ...header, keyId })
      expect(concatBytes(bytes, ciphertext, tag)).toEqual(blob)
      expect(ciphertext).toHaveLength(5)
    },
  )

  it('is no longer than the API carries for the longest plaintext', () => {
    expect(makeBlob(4096).length).toBeLessThanOrEqual(6144)
    expect(parseCiphertextBlob(makeBlob(4096)).ciphertext).toHaveLength(4096)
  })

  it.each(['1234ABCD-12ab-34cd-56ef-1234567890ab', 'mrk-1', '', 'alias/a'])(
    'is not made for the key id %j',
    (keyId) => {
      expect(() => encodeCiphertextHeader({ ...header, keyId }, 1)).toThrow(RangeError)
    },
  )

  it('is not made with a field of another length', () => {
    expect(() => encodeCiphertextHeader({ ...header, iv: new Uint8Array(11) }, 1)).toThrow(TypeError)
  })
})

describe('parseCiphertextBlob', () => {
  const changed = (at: number, value: number): Uint8Array => makeBlob(8).with(at, value)

  it.each([
    ['no bytes', new Uint8Array()],
    ['a byte less', makeBlob(8).subarray(0, -1)],
    ['a byte more', concatBytes(makeBlob(8), Uint8Array.of(0))],
    ['a header without a tag', makeBlob(8).subarray(0, 88)],
    ['more than the API carries', makeBlob(6144)],
    ['another beginning', changed(0, 2)],
    ['another mark in front of the nonce', changed(37, 2)],
    ['another length of the body', changed(57, 0)],
    ['a length near 4 GiB', changed(54, 255)],
    ['an unknown version', changed(58, 2)],
    ['an unknown kind of key id', changed(59, 2)],
    ['ciphertext of the AWS Encryption SDK', Uint8Array.of(2, 5, 0x78, ...makeBlob(8))],
  ])('CIPHERTEXT_INVALID: %s', (_, bytes) => {
    expect(() => parseCiphertextBlob(bytes)).toThrow(invalid)
  })

  it('gives for any bytes a blob or CIPHERTEXT_INVALID', () => {
    const genuine = makeBlob(8)
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 7000 }),
      fc.tuple(fc.nat(genuine.length - 1), fc.nat(255)).map(([at, value]) => genuine.with(at, value)),
      fc.nat(genuine.length).map((length) => genuine.subarray(0, length)),
    )
    fc.assert(
      fc.property(bytes, (input) => {
        const outcome = attempt(() => parseCiphertextBlob(input))
        if (outcome instanceof Error) expect(outcome).toEqual(invalid)
        else expect(concatBytes(outcome.header, outcome.ciphertext, outcome.tag)).toEqual(input)
      }),
      { numRuns: 500 },
    )
  })

  it('reads the same from the middle of a larger buffer', () => {
    const within = concatBytes(Uint8Array.of(9, 9, 9), makeBlob(8)).subarray(3)
    expect(parseCiphertextBlob(within).keyId).toBe(header.keyId)
  })
})

function attempt<Value>(action: () => Value): Value | KeysError {
  try {
    return action()
  } catch (error) {
    if (error instanceof KeysError) return error
    throw error
  }
}
