import { CBOR_MAJOR } from './cbor-head.ts'
import { COSE_ES384, COSE_HEADER_ALG, COSE_SIGNATURE_BYTES, P384_N } from './constants.ts'
import { toDiagnosticNotation } from './diagnostic-notation.ts'
import { toHex } from '../core/bytes.ts'
import type { LooseItem } from './loose-cbor.ts'
import { entriesOf, readLoosely } from './loose-cbor.ts'

/** The COSE_Sign1 structure around a document, as it stands there (RFC 9052 §4.2). */
export interface InspectedEnvelope {
  /** Numbers of the tags in front, outermost first; COSE_Sign1 has 18 or none. */
  readonly tags: readonly string[]
  /** How many elements there are; COSE_Sign1 has 4. */
  readonly elements: number
  /** The algorithm of the protected header in words; `null` where it names none. */
  readonly algorithm: string | null
  /** The headers in diagnostic notation, shortened; `null` where there is none. */
  readonly protectedHeader: string | null
  readonly unprotectedHeader: string | null
  /** Lengths in bytes; `null` where the element is missing or no byte string. */
  readonly payloadLength: number | null
  readonly signatureLength: number | null
  /** Whether s is in the upper half of its range, as in about every other signature; `null` if it is no ES384 signature. */
  readonly hasHighS: boolean | null
  /** How the map of the payload is written: AWS wrote its length up to April 2025, and leaves it open since August 2025. */
  readonly payloadMap: 'definite' | 'indefinite' | null
}

/** What the input holds: the envelope, and its payload; `null` where there is none. */
export interface OpenedEnvelope {
  readonly envelope: InspectedEnvelope | null
  readonly payload: Uint8Array | null
}

const ALGORITHM_NAMES: ReadonlyMap<string, string> = new Map([
  [String(COSE_ES384), 'ES384'],
  ['-7', 'ES256'],
  ['-36', 'ES512'],
  ['-51', 'ESP384'],
])

/** Describes the outermost item of an input: no envelope where it holds no elements. */
export function openEnvelope(outer: LooseItem | null): OpenedEnvelope {
  if (outer === null || (outer.major !== CBOR_MAJOR.array && outer.major !== CBOR_MAJOR.map)) {
    return { envelope: null, payload: null }
  }
  const elements = outer.major === CBOR_MAJOR.map ? entriesOf(outer).map(([, value]) => value) : outer.items
  const [protectedHeader, unprotectedHeader, payload, signature] = elements
  const header = readProtectedHeader(protectedHeader)
  const payloadBytes = stringOf(payload)
  return {
    payload: payloadBytes,
    envelope: {
      tags: outer.tags.map(String),
      elements: elements.length,
      algorithm: algorithmOf(header),
      protectedHeader: header && toDiagnosticNotation(header),
      unprotectedHeader: unprotectedHeader ? toDiagnosticNotation(unprotectedHeader) : null,
      payloadLength: payloadBytes?.length ?? null,
      signatureLength: stringOf(signature)?.length ?? null,
      hasHighS: isHighS(stringOf(signature)),
      payloadMap: payloadBytes && mapForm(payloadBytes),
    },
  }
}

function stringOf(item: LooseItem | undefined): Uint8Array | null {
  return item?.major === CBOR_MAJOR.bytes ? item.content : null
}

function readProtectedHeader(element: LooseItem | undefined): LooseItem | null {
  const bytes = stringOf(element)
  return bytes ? readLoosely(bytes).item : (element ?? null)
}

function algorithmOf(header: LooseItem | null): string | null {
  const label = String(COSE_HEADER_ALG)
  const entry = header && entriesOf(header).find(([key]) => toDiagnosticNotation(key) === label)
  if (!entry) return null
  const value = toDiagnosticNotation(entry[1])
  const name = ALGORITHM_NAMES.get(value)
  return name === undefined ? value : `${name} (${value})`
}

function isHighS(signature: Uint8Array | null): boolean | null {
  if (signature?.length !== COSE_SIGNATURE_BYTES) return null
  return (
    BigInt(`0x${toHex(signature.subarray(COSE_SIGNATURE_BYTES / 2))}`) > BigInt(`0x${toHex(P384_N)}`) / 2n
  )
}

function mapForm(payload: Uint8Array): InspectedEnvelope['payloadMap'] {
  const { item } = readLoosely(payload)
  if (item?.major !== CBOR_MAJOR.map) return null
  return item.indefinite ? 'indefinite' : 'definite'
}
