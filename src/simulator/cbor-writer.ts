import { concatBytes, utf8 } from '../core/bytes.ts'
import { bigEndian } from './big-endian.ts'

/*
 * CBOR (RFC 8949) as the issuer writes it: every function answers the encoding of one item, so that an item can be
 * put together from encodings made elsewhere, odd ones included. Maps keep the order they are given in, because the
 * order of a document's fields is part of what is reproduced; a codec that sorts or tags cannot do that.
 */

/** One entry of a map: the encodings of key and value. */
export interface CborEntry {
  readonly key: Uint8Array
  readonly value: Uint8Array
}

const ONE_BYTE_FOLLOWS = 24
const BREAK = Uint8Array.of(0xff)

/** The encoding of null (RFC 8949 §3.3). */
export const CBOR_NULL = Uint8Array.of(0xf6)

/**
 * The head of an item in its shortest form (RFC 8949 §3, §4.1): `major` type 0 to 7 and its argument, an integer from
 * 0 to 2^64 − 1.
 */
export function cborHead(major: number, argument: number | bigint): Uint8Array {
  const value = BigInt(argument)
  const type = major << 5
  if (value < ONE_BYTE_FOLLOWS) return Uint8Array.of(type | Number(value))
  const size = [1, 2, 4, 8].find((bytes) => value < 1n << BigInt(8 * bytes)) ?? 8
  return concatBytes(Uint8Array.of(type | (ONE_BYTE_FOLLOWS + Math.log2(size))), bigEndian(value, size))
}

/** An integer of either sign, of 64 bits at most. */
export function cborInteger(value: number | bigint): Uint8Array {
  return value < 0 ? cborHead(1, -1n - BigInt(value)) : cborHead(0, value)
}

/** A byte string of definite length. */
export function cborBytes(bytes: Uint8Array): Uint8Array {
  return concatBytes(cborHead(2, bytes.length), bytes)
}

/** A text string of definite length. */
export function cborText(text: string): Uint8Array {
  const bytes = utf8(text)
  return concatBytes(cborHead(3, bytes.length), bytes)
}

/** An array of definite length; `items` are encodings. */
export function cborArray(items: readonly Uint8Array[]): Uint8Array {
  return concatBytes(cborHead(4, items.length), ...items)
}

/** A map of definite length, entries in the order given. */
export function cborMap(entries: readonly CborEntry[]): Uint8Array {
  return concatBytes(cborHead(5, entries.length), ...entries.flatMap(({ key, value }) => [key, value]))
}

/** A map of indefinite length (RFC 8949 §3.2.2), entries in the order given. */
export function cborIndefiniteMap(entries: readonly CborEntry[]): Uint8Array {
  return concatBytes(Uint8Array.of(0xbf), ...entries.flatMap(({ key, value }) => [key, value]), BREAK)
}

/** An item with a tag (RFC 8949 §3.4). */
export function cborTagged(tag: number, item: Uint8Array): Uint8Array {
  return concatBytes(cborHead(6, tag), item)
}
