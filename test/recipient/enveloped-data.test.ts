import { createPublicKey, createSecretKey, generateKeyPairSync, hash, privateDecrypt } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { openEnvelope } from '../../enclave/client/envelope.ts'
import type { Random } from '../../src/core/random.ts'
import { systemRandom } from '../../src/core/random.ts'
import { Secret } from '../../src/core/secret.ts'
import { sealForRecipient } from '../../src/recipient/enveloped-data.ts'
import { CMS_SAMPLES, NEEDS_CMS_SAMPLES } from '../support/cms-samples.ts'
import { makeRsaKey } from '../support/rsa-keys.ts'
import type { RsaTestKey } from '../support/rsa-keys.ts'
import { walkTlv } from '../support/tlv-walk.ts'
import type { TlvLine } from '../support/tlv-walk.ts'

const PLAINTEXT_LENGTHS = [1, 15, 16, 999, 1000, 1001, 2000, 4096]
const keys = new Map([2048, 3072, 4096].map((bits) => [bits, makeRsaKey(bits)]))
const rsa2048 = keys.get(2048) ?? makeRsaKey(2048)

const seal = (key: Omit<RsaTestKey, 'privateKey'>, length: number): Uint8Array =>
  sealForRecipient(key, new Secret(systemRandom.bytes(length)), systemRandom)

describe.each([...keys])('sealForRecipient to an RSA-%i key', (bits, key) => {
  it.each(PLAINTEXT_LENGTHS)('seals %i bytes so that the enclave side opens them', (length) => {
    const plaintext = systemRandom.bytes(length)
    const envelope = sealForRecipient(key, new Secret(plaintext.slice()), systemRandom)
    expect(openEnvelope(envelope, key.privateKey)).toEqual(plaintext)
  })

  it.each([
    [32, [48]],
    [999, [1000, 8]],
    [4096, [1000, 1000, 1000, 1000, 112]],
  ])('puts the ciphertext of %i bytes into chunks of %j', (length, chunks) => {
    const lines = walkTlv(seal(key, length))
    const content = lines.findLastIndex((line) => line.tag === 0xa0)
    const octetStrings = lines.slice(content + 1).filter((line) => line.tag === 0x04)
    expect(octetStrings.map((line) => line.length)).toEqual(chunks)
  })

  it('writes 443 bytes, what the modulus has beyond 256, and the chunks', () => {
    expect(seal(key, 32)).toHaveLength(443 + bits / 8 - 256 + 2 + 48)
  })
})

describe('the envelope of sealForRecipient', () => {
  it('names the key by the SHA-256 of the SPKI bytes as given', () => {
    const spki = new Uint8Array([...rsa2048.spki, 0])
    const envelope = seal({ ...rsa2048, spki }, 32)
    expect(envelope.subarray(33, 65)).toEqual(new Uint8Array(hash('sha256', spki, 'buffer')))
  })

  it('holds the content key and IV that the generator gave, and leaves no content key behind', () => {
    const given: Uint8Array[] = []
    const random: Random = {
      ...systemRandom,
      bytes(length) {
        const bytes = new Uint8Array(length).fill(length)
        given.push(bytes)
        return bytes
      },
    }
    const envelope = sealForRecipient(rsa2048, new Secret(new Uint8Array(32)), random)
    const contentKey = privateDecrypt(
      { key: rsa2048.privateKey, oaepHash: 'sha256' },
      envelope.subarray(131, 387),
    )
    expect(new Uint8Array(contentKey)).toEqual(new Uint8Array(32).fill(32))
    expect(envelope.subarray(415, 431)).toEqual(new Uint8Array(16).fill(16))
    expect(given).toEqual([new Uint8Array(32), new Uint8Array(16).fill(16)])
  })

  it('leaves the secret as it was', () => {
    const secret = new Secret(new Uint8Array(32).fill(9))
    sealForRecipient(rsa2048, secret, systemRandom)
    expect(secret.reveal()).toEqual(new Uint8Array(32).fill(9))
  })
})

describe.skipIf(CMS_SAMPLES.length === 0)(`beside genuine envelopes${NEEDS_CMS_SAMPLES}`, () => {
  // Every plaintext that PKCS#7 pads to the same ciphertext gives the same layout.
  it.each(CMS_SAMPLES.map((sample) => [sample.file, sample] as const))(
    '%s: same positions, tags and lengths, same bytes but for key identifier, encrypted key, IV and ciphertext',
    (_, sample) => {
      const ciphertextLength = sample.chunks.reduce((total, length) => total + length, 0)
      const ours = seal(rsa2048, sample.plaintext ? sample.plaintext.length / 2 : ciphertextLength - 16)
      const lines = walkTlv(sample.bytes)
      expect(walkTlv(ours)).toEqual(lines)
      expect(withoutContents(ours, lines)).toEqual(withoutContents(sample.bytes, lines))
    },
  )
})

/** The bytes with the contents of every [0] key identifier and OCTET STRING set to zero. */
function withoutContents(bytes: Uint8Array, lines: readonly TlvLine[]): Uint8Array {
  const blank = bytes.slice()
  for (const { tag, offset, header, length } of lines) {
    if ((tag !== 0x04 && tag !== 0x80) || length === 'indefinite') continue
    blank.fill(0, offset + header, offset + header + length)
  }
  return blank
}

describe('sealForRecipient refuses', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
  const exponentOne = createPublicKey({
    format: 'jwk',
    key: { ...rsa2048.publicKey.export({ format: 'jwk' }), e: 'AQ' },
  })

  it.each([
    ['an RSA key of 1024 bits', makeRsaKey(1024).publicKey],
    ['an RSA key of 2056 bits', makeRsaKey(2056).publicKey],
    ['a P-384 key', ec.publicKey],
    ['an RSA-PSS key', pss.publicKey],
    ['the private key', rsa2048.privateKey],
    ['a symmetric key', createSecretKey(new Uint8Array(32))],
    ['an RSA key with the public exponent 1', exponentOne],
  ])('%s with RECIPIENT_KEY_UNSUPPORTED', (_, publicKey) => {
    expect(() => seal({ spki: rsa2048.spki, publicKey }, 32)).toThrow(
      expect.objectContaining({ name: 'RecipientError', code: 'RECIPIENT_KEY_UNSUPPORTED' }),
    )
  })

  it('an even modulus of the right size with RECIPIENT_KEY_UNUSABLE, the cause kept', () => {
    const n = Buffer.alloc(256, 0xff)
    n[255] = 0xfe
    const publicKey = createPublicKey({
      format: 'jwk',
      key: { kty: 'RSA', n: n.toString('base64url'), e: 'AQAB' },
    })
    expect(() => seal({ spki: rsa2048.spki, publicKey }, 32)).toThrow(
      expect.objectContaining({ code: 'RECIPIENT_KEY_UNUSABLE', cause: expect.any(Error) }),
    )
  })

  it.each([0, 4097])('a secret of %i bytes with PLAINTEXT_LENGTH_INVALID', (length) => {
    expect(() => seal(rsa2048, length)).toThrow(
      expect.objectContaining({ name: 'RecipientError', code: 'PLAINTEXT_LENGTH_INVALID' }),
    )
  })
})
