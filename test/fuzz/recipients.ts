import { generateKeyPairSync } from 'node:crypto'
import { RSA_ENCRYPTION, rsaSpki, TEST_MODULUS } from '../support/attestation/rsa-spki.ts'
import { bitString, hex, integer, oid, seq } from '../support/attestation/der-bytes.ts'

/** What can stand for a public key, and what a verifier must say that needs one; `null` where it can be used. */
export interface Recipient {
  readonly bytes: Uint8Array | null
  readonly code: string | null
}

const rsa3072 = generateKeyPairSync('rsa', { modulusLength: 3072 }).publicKey.export({
  type: 'spki',
  format: 'der',
})
const rsa1024 = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({
  type: 'spki',
  format: 'der',
})
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey
const good = rsaSpki(TEST_MODULUS)

/** Good ones first. */
export const RECIPIENTS: readonly Recipient[] = [
  { bytes: good, code: null },
  { bytes: Uint8Array.from(rsa3072), code: null },
  { bytes: rsaSpki(TEST_MODULUS, 2n ** 64n - 1n), code: null },
  { bytes: null, code: 'RECIPIENT_KEY_MISSING' },
  { bytes: new Uint8Array(), code: 'RECIPIENT_KEY_MISSING' },
  { bytes: new Uint8Array(32).fill(9), code: 'RECIPIENT_KEY_NOT_SPKI' },
  { bytes: Buffer.from(ec.export({ type: 'spki', format: 'pem' })), code: 'RECIPIENT_KEY_NOT_SPKI' },
  { bytes: Uint8Array.from([...good, 0]), code: 'RECIPIENT_KEY_NOT_SPKI' },
  {
    bytes: seq(seq(oid(RSA_ENCRYPTION)), bitString(seq(integer(TEST_MODULUS), integer(65_537)))),
    code: 'RECIPIENT_KEY_NOT_SPKI',
  },
  { bytes: Uint8Array.from(ec.export({ type: 'spki', format: 'der' })), code: 'RECIPIENT_KEY_NOT_RSA' },
  { bytes: seq(seq(oid('1.2.840.113549.1.1.10')), bitString(hex('3000'))), code: 'RECIPIENT_KEY_NOT_RSA' },
  { bytes: Uint8Array.from(rsa1024), code: 'RECIPIENT_KEY_SIZE_UNSUPPORTED' },
  { bytes: rsaSpki(2n ** 4096n + 1n), code: 'RECIPIENT_KEY_SIZE_UNSUPPORTED' },
  { bytes: rsaSpki(TEST_MODULUS, 1n), code: 'RECIPIENT_KEY_EXPONENT_UNSAFE' },
  { bytes: rsaSpki(TEST_MODULUS, 3n), code: 'RECIPIENT_KEY_EXPONENT_UNSAFE' },
  { bytes: rsaSpki(TEST_MODULUS, 65_538n), code: 'RECIPIENT_KEY_EXPONENT_UNSAFE' },
  { bytes: rsaSpki(TEST_MODULUS, 2n ** 64n + 1n), code: 'RECIPIENT_KEY_EXPONENT_UNSAFE' },
  { bytes: rsaSpki(TEST_MODULUS + 1n), code: 'RECIPIENT_KEY_MODULUS_INVALID' },
  { bytes: rsaSpki(3n ** 1292n), code: 'RECIPIENT_KEY_MODULUS_INVALID' },
]
