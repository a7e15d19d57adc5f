// Of cbor-x is relied on: it reads well-formed items into the values of `CborValue`, with a `Map` for every map, so that no
// key from the wire is a member of an object, and with `bigint` for numbers in 64-bit form. Nothing else: it takes the
// last of repeated keys, applies tags, and takes text that is not UTF-8, so it sees only what the walk has passed.
// The entry `cbor-x/decode` is the one that never loads the native half, which an install elsewhere may bring along.
import { Decoder } from 'cbor-x/decode'
import { malformed } from './cbor-errors.ts'
import { walkCbor } from './cbor-walk.ts'

/** A value as the walk lets it through: no tags, floats or undefined. */
export type CborValue =
  null | boolean | number | bigint | string | Uint8Array | readonly CborValue[] | CborMap

/** A map as it is read, in the order of the wire. */
export type CborMap = ReadonlyMap<CborValue, CborValue>

const decoder = new Decoder({ mapsAsObjects: false, useRecords: false })

/**
 * Reads bytes that are exactly one CBOR item in the strict form that `walkCbor` describes.
 * Throws `AttestationError` with the `CBOR_…` codes.
 */
export function decodeCbor(bytes: Uint8Array): CborValue {
  walkCbor(bytes)
  try {
    // The walk has left no item of another type.
    return decoder.decode(bytes) as CborValue
  } catch (cause) {
    throw malformed('the CBOR decoder refuses what the walk has passed', cause)
  }
}

/** Narrows a value to a map. */
export function isCborMap(value: CborValue | undefined): value is CborMap {
  return value instanceof Map
}
