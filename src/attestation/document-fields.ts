import type { CborMap, CborValue } from './cbor.ts'
import { isCborMap } from './cbor.ts'
import { AttestationError } from './errors.ts'

/** The known fields of the payload by their types; what they say has not been looked at. */
export interface DocumentFields {
  readonly moduleId: string
  readonly digest: string
  /** 0 or more. */
  readonly timestamp: number | bigint
  readonly pcrs: CborMap
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
export function readFields(map: CborMap, pcrsName: string): DocumentFields {
  const missing = MANDATORY.find((name) => !map.has(name))
  if (missing) throw new AttestationError('DOCUMENT_FIELD_MISSING', `${missing} is missing`)
  const take = <Value>(name: string, narrow: (value: CborValue | undefined) => Value | undefined): Value => {
    const value = narrow(map.get(name))
    if (value === undefined) {
      throw new AttestationError('DOCUMENT_FIELD_TYPE_INVALID', `${name} is of another type`)
    }
    return value
  }
  return {
    moduleId: take('module_id', asText),
    digest: take('digest', asText),
    timestamp: take('timestamp', asUnsigned),
    pcrs: take(pcrsName, (value) => (isCborMap(value) ? value : undefined)),
    certificate: take('certificate', asBytes),
    cabundle: take('cabundle', asListOfBytes),
    publicKey: take('public_key', asOptionalBytes),
    userData: take('user_data', asOptionalBytes),
    nonce: take('nonce', asOptionalBytes),
  }
}

/** A byte string, as a view of the payload; `undefined` for any other value. */
export function asBytes(value: CborValue | undefined): Uint8Array | undefined {
  return value instanceof Uint8Array ? value : undefined
}

function asText(value: CborValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function asUnsigned(value: CborValue | undefined): number | bigint | undefined {
  return (typeof value === 'number' || typeof value === 'bigint') && value >= 0 ? value : undefined
}

/** AWS documents the three optional fields as absent when unused, and sends them as null. */
function asOptionalBytes(value: CborValue | undefined): Uint8Array | null | undefined {
  return value === null || value === undefined ? null : asBytes(value)
}

function asListOfBytes(value: CborValue | undefined): readonly Uint8Array[] | undefined {
  if (!Array.isArray(value)) return undefined
  const items = value.map(asBytes)
  return items.every((item) => item !== undefined) ? items : undefined
}
