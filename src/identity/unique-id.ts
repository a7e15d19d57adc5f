import { createHash } from 'node:crypto'

/** RFC 4648 §6, the alphabet of IAM's unique ids. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** Writes bytes as base32 characters, one a byte: its lower five bits. */
export function toBase32Characters(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => BASE32[byte & 31]).join('')
}

/**
 * The unique id of a declared identity: `AIDA` for users, `AROA` for roles, and 17 characters that follow from the ARN, so
 * that it is the same at every start (IAM User Guide, IAM identifiers: Unique identifiers).
 */
export function toUniqueId(prefix: 'AIDA' | 'AROA', arn: string): string {
  return prefix + toBase32Characters(createHash('sha256').update(arn).digest().subarray(0, 17))
}
