import { generateKeyPairSync } from 'node:crypto'
import { bitString, hex, integer, oid, seq } from './der-bytes.ts'

export const RSA_ENCRYPTION = '1.2.840.113549.1.1.1'

/** A SubjectPublicKeyInfo for rsaEncryption with these numbers, whatever they are. */
export function rsaSpki(modulus: bigint, exponent = 65_537n): Uint8Array {
  const numbers = seq(integer(modulus), integer(exponent))
  return seq(seq(oid(RSA_ENCRYPTION), hex('05 00')), bitString(numbers))
}

/** The modulus of a fresh key. */
function makeModulus(bits: number): bigint {
  const { n = '' } = generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' })
  return BigInt(`0x${Buffer.from(n, 'base64url').toString('hex')}`)
}

export const TEST_MODULUS = makeModulus(2048)
