import { AttestationError } from './errors.ts'

/** The error for an item, a count or a length that needs more bytes than there are. */
export function truncated(): AttestationError {
  return new AttestationError('CBOR_TRUNCATED', 'a CBOR item ends after the input')
}

/** The error for bytes that no CBOR item can have (RFC 8949 appendix F). */
export function malformed(message: string, cause?: unknown): AttestationError {
  return new AttestationError('CBOR_MALFORMED', message, { cause })
}
