import type { CborMap, CborValue } from './cbor.ts'
import { DIGEST_BYTES, PCR_COUNT_LIMIT } from './constants.ts'
import { asBytes } from './document-fields.ts'
import { AttestationError } from './errors.ts'

/**
 * Reads a PCR map: 1 to 32 entries in any order, indexes 0 to 31, values of 48 bytes, which is what the digest SHA384
 * means. Throws `AttestationError` with the `DOCUMENT_PCR_…` codes.
 */
export function readPcrs(map: CborMap): ReadonlyMap<number, Uint8Array> {
  if (map.size === 0 || map.size > PCR_COUNT_LIMIT) {
    throw new AttestationError('DOCUMENT_PCR_COUNT_INVALID', `there are ${map.size} PCRs`)
  }
  const entries = Array.from(map, ([key, value]) => ({ index: checkIndex(key), value }))
  return new Map(entries.map(({ index, value }) => [index, checkValue(index, value)]))
}

/** The text "0" beside the number 0 would be the same member of a JavaScript object. */
function checkIndex(key: CborValue): number {
  if (typeof key !== 'number' || key < 0 || key >= PCR_COUNT_LIMIT) {
    throw new AttestationError('DOCUMENT_PCR_INDEX_INVALID', 'the index of a PCR is no number from 0 to 31')
  }
  return key
}

function checkValue(index: number, value: CborValue): Uint8Array {
  const bytes = asBytes(value)
  if (bytes?.length !== DIGEST_BYTES) {
    throw new AttestationError('DOCUMENT_PCR_VALUE_INVALID', `PCR${index} is not ${DIGEST_BYTES} bytes`)
  }
  return bytes
}
