import { hkdfSync } from 'node:crypto'
import { concatBytes, toHex, utf8 } from '../core/bytes.ts'

/** Everything of a lab that looks random is derived from its seed: the same names give the same bytes, always. */
export type Derive = (length: number, ...names: readonly string[]) => Uint8Array

/** Keeps what is derived here apart from anything else that may be derived from the same text. */
const PURPOSE = 'attested-kms lab'

/** Derives from a seed text by HKDF with SHA-384 (RFC 5869). Names are told apart by their lengths. */
export function createDerive(seed: string): Derive {
  const inputKey = utf8(seed)
  return (length, ...names) => {
    const info = [PURPOSE, ...names].map((name) => `${utf8(name).length}:${name}`).join(',')
    return new Uint8Array(hkdfSync('sha384', inputKey, new Uint8Array(), utf8(info), length))
  }
}

/** `length` bytes whose first is not zero, so that a serial number always has its full length. */
export function deriveSerial(derive: Derive, length: number, name: string): Uint8Array {
  const bytes = derive(length, 'serial', name)
  return concatBytes(Uint8Array.of((bytes[0] ?? 0) | 0x40), bytes.subarray(1))
}

/** A UUID in its usual form; version and variant bits as RFC 9562 §5.4 sets them. */
export function deriveUuid(derive: Derive, name: string): string {
  const bytes = derive(16, 'uuid', name)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
