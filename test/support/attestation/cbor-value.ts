import type { CborScalar } from '../../../src/attestation/cbor.ts'
import { readPairs, readScalar } from '../../../src/attestation/cbor.ts'
import type { CborItem } from '../../../src/attestation/cbor-walk.ts'
import { walkCbor } from '../../../src/attestation/cbor-walk.ts'

/** A value as the verifier's reader finds it, arrays and maps put together. */
export type CborValue = CborScalar | readonly CborValue[] | ReadonlyMap<CborValue, CborValue>

/** Reads all of an input with the verifier's reader, which reads only what it needs. Throws as `walkCbor` does. */
export function decodeCbor(bytes: Uint8Array): CborValue {
  return valueOf(bytes, walkCbor(bytes))
}

function valueOf(bytes: Uint8Array, item: CborItem): CborValue {
  const scalar = readScalar(bytes, item)
  if (scalar !== undefined) return scalar
  const pairs = readPairs(item)
  if (pairs) return new Map(pairs.map(([key, value]) => [valueOf(bytes, key), valueOf(bytes, value)]))
  return item.items.map((inner) => valueOf(bytes, inner))
}
