import type { KeyObject } from 'node:crypto'
import { createPublicKey } from 'node:crypto'
import { equalBytes } from '../core/bytes.ts'
import { ALGORITHM_P384_KEY, P384_FIELD_BYTES } from './constants.ts'
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
  return { isP384: true, publicKey: isUncompressed(derContent(parts.bits)) ? toKeyObject(spki) : null }
}

/** The one form of a point that is taken (RFC 5480 §2.2): `04` and both coordinates, in whole octets. */
function isUncompressed({ 0: unusedBits, 1: form, length }: Uint8Array): boolean {
  return unusedBits === 0 && form === 0x04 && length === 2 + 2 * P384_FIELD_BYTES
}

/**
 * OpenSSL makes no key of coordinates that are not below p or lie beside the curve, which is all that there is to check
 * (SP 800-56A §5.6.2.3.3): infinity has another form, and the curve has cofactor 1.
 */
function toKeyObject({ bytes, start, end }: DerElement): KeyObject | null {
  const key = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
  try {
    return createPublicKey({ key, format: 'der', type: 'spki' })
  } catch {
    return null
  }
}
