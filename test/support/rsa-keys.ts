import { generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'

/** A key pair of a recipient, in the forms that tests want. */
export interface RsaTestKey {
  readonly spki: Uint8Array
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

/** A fresh RSA key pair with a modulus of `bits` bits. */
export function makeRsaKey(bits: number, publicExponent = 65_537): RsaTestKey {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits, publicExponent })
  return { spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })), publicKey, privateKey }
}
