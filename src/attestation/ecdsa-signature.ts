import { P384_FIELD_BYTES, P384_N } from './constants.ts'
import { takeFields } from './der-fields.ts'
import { DER_INTEGER, DER_SEQUENCE, derContent, parseDer } from './der.ts'

/**
 * Whether two byte strings are the numbers r and s of an ECDSA signature on P-384: from 1 to n − 1 (FIPS 186-5 §6.4.2).
 * Some libraries let zero through. There is no rule on the size of s: signers of AWS write high and low ones.
 */
export function isSignatureInRange(r: Uint8Array, s: Uint8Array): boolean {
  return isScalar(r) && isScalar(s)
}

/** Whether bytes are a number from 1 to n − 1, the most significant first, with or without zeros in front. */
function isScalar(bytes: Uint8Array): boolean {
  let start = 0
  while (bytes[start] === 0) start++
  const length = bytes.length - start
  if (length !== P384_N.length) return length > 0 && length < P384_N.length
  return Buffer.compare(bytes.subarray(start), P384_N) < 0
}

/** Whether bytes are exactly one DER `Ecdsa-Sig-Value` with numbers in range for P-384 (RFC 5480 appendix A). */
export function isDerSignature(bytes: Uint8Array): boolean {
  try {
    const element = parseDer(bytes)
    if (element.tag !== DER_SEQUENCE) return false
    const fields = takeFields(element)
    const r = derContent(fields.take(DER_INTEGER, 'r'))
    const s = derContent(fields.take(DER_INTEGER, 's'))
    fields.end()
    return isShort(r) && isShort(s) && isSignatureInRange(r, s)
  } catch {
    return false
  }
}

/** A negative INTEGER begins with a set bit; one of more than 49 octets is over n. Neither is worth a conversion. */
function isShort(content: Uint8Array): boolean {
  return (content[0] ?? 0) < 0x80 && content.length <= P384_FIELD_BYTES + 1
}
