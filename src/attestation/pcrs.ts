import type { CborPair } from './cbor.ts'
import { readScalar } from './cbor.ts'
import type { CborItem } from './cbor-walk.ts'
import { DIGEST_BYTES, PCR_COUNT_LIMIT } from './constants.ts'
import { AttestationError } from './errors.ts'

/**
 * Reads the entries of a PCR map that lies in `payload`: 1 to 32 in any order, indexes 0 to 31, values of 48 bytes, which
 * is what the digest SHA384 means. Throws `AttestationError` with the `DOCUMENT_PCR_…` codes.
 */
export function readPcrs(payload: Uint8Array, pairs: readonly CborPair[]): ReadonlyMap<number, Uint8Array> {
  if (pairs.length === 0 || pairs.length > PCR_COUNT_LIMIT) {
    throw new AttestationError('DOCUMENT_PCR_COUNT_INVALID', `there are ${pairs.length} PCRs`)
  }
  const entries = pairs.map(([key, value]) => ({ index: checkIndex(payload, key), value }))
  return new Map(entries.map(({ index, value }) => [index, checkValue(payload, { index, value })]))
}

/** The text "0" beside the number 0 would be the same member of a JavaScript object. */
function checkIndex(payload: Uint8Array, item: CborItem): number {
  const index = readScalar(payload, item)
  if (typeof index !== 'number' || index < 0 || index >= PCR_COUNT_LIMIT) {
    throw new AttestationError('DOCUMENT_PCR_INDEX_INVALID', 'the index of a PCR is no number from 0 to 31')
  }
  return index
}

function checkValue(
  payload: Uint8Array,
  { index, value }: { readonly index: number; readonly value: CborItem },
): Uint8Array {
  const bytes = readScalar(payload, value)
  if (!(bytes instanceof Uint8Array) || bytes.length !== DIGEST_BYTES) {
    throw new AttestationError('DOCUMENT_PCR_VALUE_INVALID', `PCR${index} is not ${DIGEST_BYTES} bytes`)
  }
  return bytes
}
