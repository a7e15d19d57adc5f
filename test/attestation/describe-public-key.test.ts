import fc from 'fast-check'
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { describeBytes } from '../../src/attestation/describe-bytes.ts'
import { describePublicKey } from '../../src/attestation/describe-public-key.ts'
import { spkiOf } from '../support/attestation/a-certificate.ts'
import { makeAttestation } from '../support/attestation/an-attestation.ts'
import {
  GENUINE_DOCUMENTS,
  haveGenuineDocuments,
  NEEDS_GENUINE_DOCUMENTS,
} from '../support/attestation/genuine-documents.ts'
import { inspectAttestation } from '../../src/attestation/inspect.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
const curve = (namedCurve: string): Uint8Array => spkiOf(generateKeyPairSync('ec', { namedCurve }).publicKey)
/** The uncompressed point at the end of a SubjectPublicKeyInfo. */
const point = (namedCurve: string, length: number): Uint8Array => curve(namedCurve).slice(-length)
const compressed = (uncompressed: Uint8Array): Uint8Array =>
  Uint8Array.from([2 + ((uncompressed.at(-1) ?? 0) & 1), ...uncompressed.subarray(1, 33)])
const pem = (key: Uint8Array): Uint8Array =>
  Buffer.from(
    createPublicKey({ key: Buffer.from(key), format: 'der', type: 'spki' }).export({
      format: 'pem',
      type: 'spki',
    }),
  )
const [secp, p256] = [point('secp256k1', 65), point('prime256v1', 65)]

describe('describePublicKey', () => {
  it.each<readonly [Uint8Array, string]>([
    [spkiOf(rsa), 'RSA-2048 key, e = 65537 (SubjectPublicKeyInfo)'],
    [rsa.export({ format: 'der', type: 'pkcs1' }), 'RSA-2048 key, e = 65537 (PKCS#1)'],
    [pem(spkiOf(rsa)), 'RSA-2048 key, e = 65537 (PEM text)'],
    [pem(curve('secp256k1')), 'EC key on secp256k1 (PEM text)'],
    [Buffer.from('-----BEGIN PUBLIC KEY-----'), 'PEM text that holds no public key'],
    [curve('P-384'), 'EC key on P-384 (SubjectPublicKeyInfo)'],
    [spkiOf(generateKeyPairSync('ed25519').publicKey), 'ED25519 key (SubjectPublicKeyInfo)'],
    [makeAttestation().chain[0] ?? new Uint8Array(), 'EC key on P-384 (X.509 certificate)'],
    [secp, 'point on secp256k1'],
    [p256, 'point on P-256'],
    [compressed(p256), 'point on P-256'],
    [point('P-384', 97), 'point on P-384'],
    [point('P-521', 133), 'point on P-521'],
    [Buffer.concat([secp, point('secp256k1', 65)]), '2 points on secp256k1'],
    [secp.subarray(1), 'x and y of a point on secp256k1'],
    [new Uint8Array(65).fill(4), 'of no known form'],
    [Uint8Array.of(0), 'zeros'],
    [new Uint8Array(), 'empty'],
    [Buffer.from('my super secret key'), 'text'],
    [new Uint8Array(32).fill(0xa5), 'perhaps a raw X25519 or Ed25519 key, or a digest'],
    [new Uint8Array(33).fill(0xff), 'of no known form'],
  ])('describes a key (%#) as %s', (key, words) => {
    expect(describePublicKey(key)).toBe(words)
  })

  it('never throws, and says nothing of the key itself', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 140 }),
          fc.uint8Array({ maxLength: 60 }).map((rest) => Uint8Array.from([0x30, rest.length, ...rest])),
        ),
        (bytes) => {
          expect(describePublicKey(bytes)).toMatch(/^[\w .,=()#-]+$/)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('the public keys of genuine documents', () => {
  it.skipIf(!haveGenuineDocuments)(
    `KMS could encrypt to those that another program calls recipient keys, and to no other${NEEDS_GENUINE_DOCUMENTS}`,
    async () => {
      const [usable, expected] = [[] as string[], [] as string[]]
      for (const { bytes, file, index } of GENUINE_DOCUMENTS) {
        const { publicKey } = await inspectAttestation(bytes)
        if (publicKey?.recipientFault === null) usable.push(file)
        if (index.public_key.kms_recipient_key) expected.push(file)
      }
      expect(usable).toEqual(expected)
      expect(usable).toHaveLength(8)
    },
  )
})

describe('describeBytes', () => {
  it.each<readonly [Uint8Array, string]>([
    [new Uint8Array(), 'empty'],
    [new Uint8Array(20), 'zeros'],
    [Buffer.from('hello\n'), 'text'],
    [Buffer.from('{"a":[1]}'), 'JSON text'],
    [Buffer.from('{no'), 'text'],
    [Buffer.from('12'), 'text'],
    [new Uint8Array(32).fill(0xff), 'perhaps a SHA-256 digest, a key or random'],
    [new Uint8Array(48).fill(0xff), 'perhaps a SHA-384 digest'],
    [new Uint8Array(64).fill(0xff), 'perhaps a SHA-512 digest or a signature'],
    [Uint8Array.of(0x1b, 0x5b), 'binary'],
  ])('describes bytes (%#) as %s', (bytes, words) => {
    expect(describeBytes(bytes)).toBe(words)
  })
})
