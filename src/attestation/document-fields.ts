import type { CborPair } from './cbor.ts'
import { readPairs, readScalar } from './cbor.ts'
import { CBOR_MAJOR } from './cbor-head.ts'
import type { CborItem } from './cbor-walk.ts'
import { AttestationError } from './errors.ts'

/** The payload, and where the values of its fields lie. */
export interface CborFields {
  readonly payload: Uint8Array
  /** By the names of the fields; of those with other characters than ASCII, by their bytes as Latin-1. */
  readonly items: ReadonlyMap<string, CborItem>
}

/** The known fields of the payload by their types; what they say has not been looked at. */
export interface DocumentFields {
  readonly moduleId: string
  readonly digest: string
  /** 0 or more. */
  readonly timestamp: number | bigint
  /** The entries of the PCR map, which lie in the payload. */
  readonly pcrs: readonly CborPair[]
  readonly certificate: Uint8Array
  readonly cabundle: readonly Uint8Array[]
  readonly publicKey: Uint8Array | null
  readonly userData: Uint8Array | null
  readonly nonce: Uint8Array | null
}

const MANDATORY = ['module_id', 'digest', 'timestamp', 'certificate', 'cabundle'] as const

/**
 * Takes the known fields out of the payload map. `pcrsName` is the name of the PCR map, which has to be there.
 * Throws `AttestationError` with `DOCUMENT_FIELD_MISSING` or `DOCUMENT_FIELD_TYPE_INVALID`.
 */
export function readFields({ payload, items }: CborFields, pcrsName: string): DocumentFields {
  const missing = MANDATORY.find((name) => !items.has(name))
  if (missing) throw new AttestationError('DOCUMENT_FIELD_MISSING', `${missing} is missing`)
  const take = <Value>(name: string, narrow: Narrow<Value>): Value => {
    const value = narrow(payload, items.get(name))
    if (value === undefined) {
      throw new AttestationError('DOCUMENT_FIELD_TYPE_INVALID', `${name} is of another type`)
    }
    return value
  }
  return {
    moduleId: take('module_id', asText),
    digest: take('digest', asText),
    timestamp: take('timestamp', asUnsigned),
    pcrs: take(pcrsName, (_, item) => item && readPairs(item)),
    certificate: take('certificate', asBytes),
    cabundle: take('cabundle', asListOfBytes),
    publicKey: take('public_key', asOptionalBytes),
    userData: take('user_data', asOptionalBytes),
    nonce: take('nonce', asOptionalBytes),
  }
}

/** Takes the value of a field for what it should be; `undefined` where it is something else. */
type Narrow<Value> = (payload: Uint8Array, item: CborItem | undefined) => Value | undefined

function asBytes(payload: Uint8Array, item: CborItem | undefined): Uint8Array | undefined {
  const value = item && readScalar(payload, item)
  return value instanceof Uint8Array ? value : undefined
}

function asText(payload: Uint8Array, item: CborItem | undefined): string | undefined {
  const value = item && readScalar(payload, item)
  return typeof value === 'string' ? value : undefined
}

function asUnsigned(payload: Uint8Array, item: CborItem | undefined): number | bigint | undefined {
  const value = item && readScalar(payload, item)
  return (typeof value === 'number' || typeof value === 'bigint') && value >= 0 ? value : undefined
}

/** AWS documents the three optional fields as absent when unused, and sends them as null. */
function asOptionalBytes(payload: Uint8Array, item: CborItem | undefined): Uint8Array | null | undefined {
  if (!item || readScalar(payload, item) === null) return null
  return asBytes(payload, item)
}

function asListOfBytes(payload: Uint8Array, item: CborItem | undefined): readonly Uint8Array[] | undefined {
  if (item?.major !== CBOR_MAJOR.array) return undefined
  const items = item.items.map((one) => asBytes(payload, one))
  return items.every((one) => one !== undefined) ? items : undefined
}
