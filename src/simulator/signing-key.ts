import { createECDH, createHash } from 'node:crypto'
import { p256, p384, p521 } from '@noble/curves/nist.js'
import { bigEndian } from './big-endian.ts'
import { DER_TAG, der, derBitString, derObjectIdentifier, derSequence, derUnsigned } from './der-writer.ts'
import { toHex } from '../core/bytes.ts'

// What is relied on of @noble/curves: ECDSA with the nonces of RFC 6979 unless entropy is added, so that the same key
// and message give the same signature; and `lowS: false`, which leaves s as it falls. Genuine signatures have a high
// s in about half of all cases, and a verifier that refuses those must be found out.

// The table of multiples that the library makes before its first signature takes 80 ms at its usual size, which a
// service would wait for at every start; at this size the table takes a tenth of that and a signature hardly longer.
p384.Point.BASE.precompute(4)

const CURVES = {
  'P-256': {
    curve: p256,
    openSslName: 'prime256v1',
    objectIdentifier: '1.2.840.10045.3.1.7',
    coordinateBytes: 32,
  },
  'P-384': { curve: p384, openSslName: 'secp384r1', objectIdentifier: '1.3.132.0.34', coordinateBytes: 48 },
  'P-521': { curve: p521, openSslName: 'secp521r1', objectIdentifier: '1.3.132.0.35', coordinateBytes: 66 },
} as const

/** The curves that keys can lie on; only P-384 is right, the others serve faulty certificates. */
export type CurveName = keyof typeof CURVES

/** Hashes that can be signed with; only SHA-384 is right. */
export type HashName = 'sha256' | 'sha384' | 'sha512'

/** How a signature is made. */
interface SignOptions {
  readonly hash?: HashName
  /** Another of the many valid signatures of the same message; 0 or absent is the plain one. */
  readonly variant?: number
}

/** A private key of the lab with what is public of it. */
export interface SigningKey {
  readonly curve: CurveName
  /** Uncompressed point: `04`, x, y (SEC 1 §2.3.3). */
  readonly point: Uint8Array
  /** DER SubjectPublicKeyInfo with a named curve (RFC 5480 §2.1.1). */
  readonly publicKeyInfo: Uint8Array
  /** Signs and answers r ‖ s, each of the curve's width (RFC 9053 §2.1). */
  sign(message: Uint8Array, options?: SignOptions): Uint8Array
}

/** The order of P-384 (SP 800-186 §3.2.1.4). */
export const P384_ORDER = p384.Point.Fn.ORDER

/**
 * Makes a key from 56 bytes or more that are uniform: reduced modulo the order less one, plus one, as FIPS 186-5
 * §A.2.1 makes private keys from extra random bits.
 */
export function createSigningKey(uniform: Uint8Array, name: CurveName = 'P-384'): SigningKey {
  const { curve, openSslName, objectIdentifier, coordinateBytes } = CURVES[name]
  const scalar = (BigInt(`0x${toHex(uniform)}`) % (curve.Point.Fn.ORDER - 1n)) + 1n
  const secretKey = bigEndian(scalar, coordinateBytes)
  const point = publicPoint(openSslName, secretKey)
  return {
    curve: name,
    point,
    publicKeyInfo: ecPublicKeyInfo(derObjectIdentifier(objectIdentifier), point),
    sign: (message, { hash = 'sha384', variant = 0 } = {}) =>
      curve.sign(createHash(hash).update(message).digest(), secretKey, {
        prehash: false,
        lowS: false,
        format: 'compact',
        ...(variant > 0 && { extraEntropy: bigEndian(BigInt(variant), coordinateBytes) }),
      }),
  }
}

/** OpenSSL multiplies many times faster, and there is only one right answer. */
function publicPoint(openSslName: string, secretKey: Uint8Array): Uint8Array {
  const ecdh = createECDH(openSslName)
  ecdh.setPrivateKey(secretKey)
  return new Uint8Array(ecdh.getPublicKey())
}

/** DER SubjectPublicKeyInfo of an elliptic curve key from its parameters and the bytes of its point. */
export function ecPublicKeyInfo(parameters: Uint8Array, point: Uint8Array): Uint8Array {
  return derSequence(derSequence(derObjectIdentifier('1.2.840.10045.2.1'), parameters), derBitString(point))
}

/** r ‖ s as the DER that certificates carry: `Ecdsa-Sig-Value` (RFC 3279 §2.2.3). */
export function toDerSignature(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2
  return derSequence(derUnsigned(signature.subarray(0, half)), derUnsigned(signature.subarray(half)))
}

/** The key identifier of RFC 5280 §4.2.1.2 (1): SHA-1 of the key bits. */
export function keyIdentifier(key: SigningKey): Uint8Array {
  return new Uint8Array(createHash('sha1').update(key.point).digest())
}

/** The parameters of P-384 written out instead of named: `SpecifiedECDomain` (SEC 1 §C.2). */
export function specifiedP384(): Uint8Array {
  const { p, a, b, n } = p384.Point.CURVE()
  return derSequence(
    derUnsigned(Uint8Array.of(1)),
    derSequence(derObjectIdentifier('1.2.840.10045.1.1'), derUnsigned(bigEndian(p, 48))),
    derSequence(der(DER_TAG.octetString, bigEndian(a, 48)), der(DER_TAG.octetString, bigEndian(b, 48))),
    der(DER_TAG.octetString, p384.Point.BASE.toBytes(false)),
    derUnsigned(bigEndian(n, 48)),
    derUnsigned(Uint8Array.of(1)),
  )
}
