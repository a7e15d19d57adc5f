import { parseHex, toHex } from '../core/bytes.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const MULTI_REGION = /^mrk-[0-9a-f]{32}$/

/** The 16 bytes of a key id, and whether it is that of a multi-Region key. */
export interface KeyIdBytes {
  readonly bytes: Uint8Array
  readonly multiRegion: boolean
}

/** Whether a text has the form of a key id: a UUID in lower case, or `mrk-` and 32 hexadecimal digits (AWS KMS Developer Guide, Key identifiers). */
export function isKeyId(text: string): boolean {
  return UUID.test(text) || MULTI_REGION.test(text)
}

/** Takes a key id apart. Throws `RangeError` for a text that is none. */
export function parseKeyId(keyId: string): KeyIdBytes {
  if (!isKeyId(keyId)) throw new RangeError('not a key id')
  const multiRegion = keyId.startsWith('mrk-')
  return { bytes: parseHex(multiRegion ? keyId.slice(4) : keyId.replaceAll('-', '')), multiRegion }
}

/** Puts a key id together from its 16 bytes; the reverse of `parseKeyId`. */
export function toKeyId({ bytes, multiRegion }: KeyIdBytes): string {
  const digits = toHex(bytes)
  if (multiRegion) return `mrk-${digits}`
  return [
    [0, 8],
    [8, 12],
    [12, 16],
    [16, 20],
    [20, 32],
  ]
    .map(([from, to]) => digits.slice(from, to))
    .join('-')
}
