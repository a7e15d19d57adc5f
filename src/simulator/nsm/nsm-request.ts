import type { CborItem } from './cbor-item.ts'
import { readFirstItem } from './cbor-item.ts'

/** A request to a Nitro Secure Module (aws-nitro-enclaves-nsm-api, `Request`). */
export type NsmRequest =
  | { readonly operation: 'DescribeNSM' | 'GetRandom' }
  | { readonly operation: 'DescribePCR'; readonly index: number }
  | { readonly operation: 'LockPCR'; readonly index: number }
  | { readonly operation: 'ExtendPCR'; readonly index: number; readonly data: Uint8Array }
  | { readonly operation: 'LockPCRs'; readonly range: number }
  | { readonly operation: 'Attestation'; readonly wishes: AttestationWishes }

/** What a program wants to see in its document; null where it wants nothing. */
export interface AttestationWishes {
  readonly userData: Uint8Array | null
  readonly nonce: Uint8Array | null
  readonly publicKey: Uint8Array | null
}

/** The longest request that a module reads, in bytes (Linux, `include/uapi/linux/nsm.h`). */
export const REQUEST_LIMIT = 4096

type Fields = ReadonlyMap<string, CborItem>
type ReadFields = (fields: Fields) => NsmRequest | null

/**
 * The requests that have fields. A field that is missing or of another type makes the request unreadable, except those of
 * `Attestation`, which may be left out; fields of other names do not count.
 */
const WITH_FIELDS: ReadonlyMap<string, ReadFields> = new Map<string, ReadFields>([
  ['DescribePCR', (fields) => withIndex('DescribePCR', fields)],
  ['LockPCR', (fields) => withIndex('LockPCR', fields)],
  [
    'ExtendPCR',
    (fields) => {
      const index = readNumber(fields, 'index')
      const data = readBytes(fields, 'data')
      return index === undefined || !data ? null : { operation: 'ExtendPCR', index, data }
    },
  ],
  [
    'LockPCRs',
    (fields) => {
      const range = readNumber(fields, 'range')
      return range === undefined ? null : { operation: 'LockPCRs', range }
    },
  ],
  [
    'Attestation',
    (fields) => {
      const userData = readOptional(fields, 'user_data')
      const nonce = readOptional(fields, 'nonce')
      const publicKey = readOptional(fields, 'public_key')
      if (userData === undefined || nonce === undefined || publicKey === undefined) return null
      return { operation: 'Attestation', wishes: { userData, nonce, publicKey } }
    },
  ],
])

/**
 * Reads a request as serde writes enums: a text for a request without fields, `{name: {field: value}}` for one with
 * fields. Answers null for anything else, such as bytes behind the request or a field given twice.
 */
export function parseNsmRequest(request: Uint8Array): NsmRequest | null {
  const first = readFirstItem(request)
  if (first.outcome !== 'item' || first.length !== request.length) return null
  const { item } = first
  if (item.kind === 'text') return withoutFields(item.text)
  const [entry, ...others] = item.kind === 'map' ? item.entries : []
  if (!entry || others.length > 0) return null
  const [key, value] = entry
  const read = key.kind === 'text' ? WITH_FIELDS.get(key.text) : undefined
  const fields = toFields(value)
  return read && fields ? read(fields) : null
}

function withoutFields(name: string): NsmRequest | null {
  return name === 'DescribeNSM' || name === 'GetRandom' ? { operation: name } : null
}

function withIndex(operation: 'DescribePCR' | 'LockPCR', fields: Fields): NsmRequest | null {
  const index = readNumber(fields, 'index')
  return index === undefined ? null : { operation, index }
}

/** A map by its keys; null where it is none, where a key is no text, or where one is given twice. */
function toFields(item: CborItem): Fields | null {
  if (item.kind !== 'map') return null
  const fields = new Map<string, CborItem>()
  for (const [key, value] of item.entries) {
    if (key.kind !== 'text' || fields.has(key.text)) return null
    fields.set(key.text, value)
  }
  return fields
}

function readNumber(fields: Fields, name: string): number | undefined {
  const item = fields.get(name)
  return item?.kind === 'unsigned' ? item.value : undefined
}

/** A byte string, or the bytes of a text in its place: writers without a byte type send those. */
function readBytes(fields: Fields, name: string): Uint8Array | undefined {
  const item = fields.get(name)
  return item?.kind === 'bytes' || item?.kind === 'text' ? item.bytes : undefined
}

/** As `readBytes`; null where the field is absent or null. */
function readOptional(fields: Fields, name: string): Uint8Array | null | undefined {
  const kind = fields.get(name)?.kind ?? 'null'
  return kind === 'null' ? null : readBytes(fields, name)
}
