// Of cbor-x is relied on: it reads one well-formed number, text, boolean or null into the value of `CborScalar`, with `bigint`
// for numbers in 64-bit form. Nothing else: it takes the last of repeated keys, applies tags, and takes text that is not
// UTF-8, so it sees only what the walk has passed.
// The entry `cbor-x/decode` is the one that never loads the native half, which an install elsewhere may bring along.
import { Decoder } from 'cbor-x/decode'
import { malformed } from './cbor-errors.ts'
import { CBOR_MAJOR } from './cbor-head.ts'
import type { CborItem } from './cbor-walk.ts'

/** A value that holds no others, as the walk lets it through: no floats, no undefined. */
export type CborScalar = null | boolean | number | bigint | string | Uint8Array

/** One entry of a map. */
export type CborPair = readonly [key: CborItem, value: CborItem]

const decoder = new Decoder({ mapsAsObjects: false, useRecords: false })

/**
 * The value of an item in bytes that `walkCbor` has passed; a byte string as a view of them. `undefined` for arrays and
 * maps: those stay items, of which only what has a meaning is read. Nothing fills a `Map` with keys from the wire that
 * way; the engine hashes numbers in a known manner, so keys can be chosen that fill one in time by the square of their
 * count.
 */
export function readScalar(bytes: Uint8Array, item: CborItem): CborScalar | undefined {
  const { major, start, contentStart, end } = item
  if (major === CBOR_MAJOR.bytes) return bytes.subarray(contentStart, end)
  if (major === CBOR_MAJOR.array || major === CBOR_MAJOR.map) return undefined
  // A number below 24 is all of its encoding (RFC 8949 §3.1); indexes of PCRs are, and need no decoder.
  if (major === CBOR_MAJOR.unsigned && end - start === 1) return bytes[start]
  try {
    // The walk has left no item of another type.
    return decoder.decode(bytes.subarray(start, end)) as CborScalar
  } catch (cause) {
    throw malformed('the CBOR decoder refuses what the walk has passed', cause)
  }
}

/** The entries of a map, in the order of the wire; `undefined` for any other item. */
export function readPairs({ major, items }: CborItem): readonly CborPair[] | undefined {
  if (major !== CBOR_MAJOR.map) return undefined
  const pairs: CborPair[] = []
  for (let index = 0; index < items.length; index += 2) {
    const [key, value] = [items[index], items[index + 1]]
    if (key && value) pairs.push([key, value])
  }
  return pairs
}
