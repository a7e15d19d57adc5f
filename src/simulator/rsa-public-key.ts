import { bigEndian } from './big-endian.ts'
import type { Derive } from './derive.ts'
import { DER_TAG, der, derBitString, derObjectIdentifier, derSequence, derUnsigned } from './der-writer.ts'
import { toHex } from '../core/bytes.ts'

/*
 * RSA public keys that nobody has a private key for: the modulus is a number derived from the seed, which looks like a
 * modulus to everyone who cannot factor it. They stand in documents that must be refused, or for a key that is swapped.
 */

/** rsaEncryption (RFC 8017 appendix A.1). */
export const RSA_ENCRYPTION = '1.2.840.113549.1.1.1'

/** What an RSA public key is made of. */
export interface RsaNumbers {
  readonly modulus: bigint
  readonly exponent: bigint
}

/** The modulus length and exponent that recipient keys usually have. */
export const USUAL_RSA = { bits: 2048, exponent: 65_537n } as const

/** A number of exactly `bits` bits that is odd and has no prime factor below 752. */
export function deriveModulus(derive: Derive, bits: number, name: string): bigint {
  const top = 1n << BigInt(bits - 1)
  return withoutSmallFactor(
    (BigInt(`0x${toHex(derive(Math.ceil(bits / 8), 'rsa', name, String(bits)))}`) % top) + top,
  )
}

/** The least number from another one on that is odd and has no prime factor below 752. */
export function withoutSmallFactor(from: bigint): bigint {
  let candidate = from | 1n
  while (SMALL_ODD_PRIMES.some((prime) => candidate % prime === 0n)) candidate += 2n
  return candidate
}

/** DER RSAPublicKey (RFC 8017 appendix A.1.1). */
export function rsaPublicKey({ modulus, exponent }: RsaNumbers): Uint8Array {
  return derSequence(derUnsigned(bytesOf(modulus)), derUnsigned(bytesOf(exponent)))
}

/** DER SubjectPublicKeyInfo of an RSA key (RFC 3279 §2.3.1); `algorithm` is an AlgorithmIdentifier. */
export function rsaPublicKeyInfo(numbers: RsaNumbers, algorithm = rsaAlgorithm(RSA_ENCRYPTION)): Uint8Array {
  return derSequence(algorithm, derBitString(rsaPublicKey(numbers)))
}

/** The SubjectPublicKeyInfo of a well-formed key of the usual size. */
export function usualRsaPublicKeyInfo(derive: Derive, name: string): Uint8Array {
  const { bits, exponent } = USUAL_RSA
  return rsaPublicKeyInfo({ modulus: deriveModulus(derive, bits, name), exponent })
}

/** An AlgorithmIdentifier with NULL parameters. */
export function rsaAlgorithm(objectIdentifier: string): Uint8Array {
  return derSequence(derObjectIdentifier(objectIdentifier), der(DER_TAG.null))
}

/** An AlgorithmIdentifier of rsaEncryption that lacks the NULL it must have. */
export const RSA_WITHOUT_PARAMETERS = derSequence(derObjectIdentifier(RSA_ENCRYPTION))

function bytesOf(value: bigint): Uint8Array {
  return bigEndian(value, Math.ceil(value.toString(16).length / 2))
}

const SMALL_ODD_PRIMES = Array.from({ length: 375 }, (_, at) => 2 * at + 3)
  .filter((number, at, odd) => odd.slice(0, at).every((smaller) => number % smaller !== 0))
  .map(BigInt)
