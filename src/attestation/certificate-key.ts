import type { KeyObject } from 'node:crypto'
import { createPublicKey } from 'node:crypto'
import { equalBytes, toHex } from '../core/bytes.ts'
import { ALGORITHM_P384_KEY, P384_B, P384_FIELD_BYTES, P384_P } from './constants.ts'
import type { DerElement } from './der.ts'
import { derContent, derEncoding } from './der.ts'

/** What the SubjectPublicKeyInfo of a certificate holds. */
export interface CertificateKey {
  /** Whether it is for ECDSA on the named curve P-384; explicit curve parameters would allow forged keys. */
  readonly isP384: boolean
  /** `null` where the bits are no uncompressed point of that curve. */
  readonly publicKey: KeyObject | null
}

/** Reads a SubjectPublicKeyInfo whose two elements are an AlgorithmIdentifier and a BIT STRING. */
export function readCertificateKey(
  spki: DerElement,
  parts: { readonly algorithm: DerElement; readonly bits: DerElement },
): CertificateKey {
  if (!equalBytes(derEncoding(parts.algorithm), ALGORITHM_P384_KEY)) return { isP384: false, publicKey: null }
  if (!isPoint(derContent(parts.bits))) return { isP384: true, publicKey: null }
  const { bytes, start, end } = spki
  const key = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
  return { isP384: true, publicKey: createPublicKey({ key, format: 'der', type: 'spki' }) }
}

/**
 * Whether BIT STRING content is a point of P-384 other than infinity in uncompressed form, with coordinates below p
 * (RFC 5480 §2.2, SP 800-56A §5.6.2.3.3; the curve has cofactor 1, so every such point is of order n).
 */
function isPoint(content: Uint8Array): boolean {
  const [unusedBits, form] = content
  if (unusedBits !== 0 || form !== 0x04 || content.length !== 2 + 2 * P384_FIELD_BYTES) return false
  const x = toNumber(content.subarray(2, 2 + P384_FIELD_BYTES))
  const y = toNumber(content.subarray(2 + P384_FIELD_BYTES))
  if (x >= P384_P || y >= P384_P) return false
  return (y * y - (x * x * x - 3n * x + P384_B)) % P384_P === 0n
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes)}`)
}
