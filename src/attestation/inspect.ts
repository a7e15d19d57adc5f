import type { CborMap, CborValue } from './cbor.ts'
import { decodeCbor, isCborMap } from './cbor.ts'
import { CBOR_MAJOR } from './cbor-head.ts'
import { walkCbor } from './cbor-walk.ts'
import { parseCoseSign1 } from './cose-sign1.ts'
import type { DocumentKind } from './document.ts'
import { parseDocument } from './document.ts'
import { asBytes } from './document-fields.ts'
import { AttestationError } from './errors.ts'
import { takeInput } from './input.ts'
import type { InspectedCertificate, ReadDetails } from './inspected-certificate.ts'
import { inspectCertificate } from './inspected-certificate.ts'
import type { InspectedPcr } from './inspected-pcr.ts'
import { inspectPcrs } from './inspected-pcr.ts'
import { toPrintable } from './printable.ts'
import { describePublicKey } from './describe-public-key.ts'

/** What stands in a document, as far as it can be decoded. Nothing of it is verified. */
export interface AttestationInspection {
  /** Length of the input in bytes. */
  readonly length: number
  /** The first thing that makes the bytes unreadable for the verifier; `null` where it can read all of them. */
  readonly stoppedBy: AttestationError | null
  readonly kind: DocumentKind | null
  readonly moduleId: string | null
  /** The Region that the names of the certificates speak of. */
  readonly region: string | null
  /** `null` too where the number is beyond what a `Date` can hold. */
  readonly timestamp: Date | null
  readonly digest: string | null
  readonly pcrs: readonly InspectedPcr[]
  readonly publicKey: InspectedBytes | null
  readonly userData: InspectedBytes | null
  readonly nonce: InspectedBytes | null
  /** Names of fields that the verifier passes over. */
  readonly unknownFields: readonly string[]
  /** Root first, leaf last, as the document orders them. */
  readonly chain: readonly InspectedCertificate[]
}

/** A field that the attested program filled. */
export interface InspectedBytes {
  readonly bytes: Uint8Array
  /** What the bytes look like, in a few words. */
  readonly description: string
}

const KNOWN_FIELDS: ReadonlySet<CborValue> = new Set([
  'module_id',
  'digest',
  'timestamp',
  'pcrs',
  'nitrotpm_pcrs',
  'certificate',
  'cabundle',
  'public_key',
  'user_data',
  'nonce',
])

/**
 * Decodes a document without trusting it: what cannot be decoded is left out, and `stoppedBy` says why. Never
 * rejects.
 */
export async function inspectAttestation(bytes: Uint8Array): Promise<AttestationInspection> {
  // Slow to load, so nobody pays for it who does not inspect.
  const { readX509Details } = await import('./x509-details.ts')
  const map = decodePayload(bytes)
  const moduleId = textOf(map, 'module_id')
  const kind = kindOf(map)
  const chain = chainOf(map, readX509Details)
  return {
    length: bytes.length,
    stoppedBy: findStop(bytes, chain),
    kind,
    moduleId,
    region: chain.map(({ region }) => region).find((region) => region !== null) ?? null,
    timestamp: timestampOf(map),
    digest: textOf(map, 'digest'),
    pcrs: kind ? inspectPcrs(kind, map.get(kind === 'nitrotpm' ? 'nitrotpm_pcrs' : 'pcrs'), moduleId) : [],
    publicKey: bytesOf(map, 'public_key', describePublicKey),
    userData: bytesOf(map, 'user_data', describeBytes),
    nonce: bytesOf(map, 'nonce', describeBytes),
    unknownFields: Array.from(map.keys(), toFieldName).filter((name) => !KNOWN_FIELDS.has(name)),
    chain,
  }
}

/** The payload map, empty where there is none. */
function decodePayload(bytes: Uint8Array): CborMap {
  try {
    const input = takeInput(bytes)
    const payload = walkCbor(input, { allowTag: true }).items[2]
    if (payload?.major !== CBOR_MAJOR.bytes) return new Map()
    const value = decodeCbor(input.subarray(payload.contentStart, payload.end))
    return isCborMap(value) ? value : new Map()
  } catch (error) {
    if (error instanceof AttestationError) return new Map()
    throw error
  }
}

/** The first check of the reading phases that refuses; those of chain and time ask for more than the bytes. */
function findStop(bytes: Uint8Array, chain: readonly InspectedCertificate[]): AttestationError | null {
  try {
    parseDocument(parseCoseSign1(takeInput(bytes)).payload)
    return chain.find(({ fault }) => fault !== null)?.fault ?? null
  } catch (error) {
    if (error instanceof AttestationError) return error
    throw error
  }
}

function kindOf(map: CborMap): DocumentKind | null {
  if (map.has('pcrs')) return 'nitro-enclave'
  return map.has('nitrotpm_pcrs') ? 'nitrotpm' : null
}

function chainOf(map: CborMap, readDetails: ReadDetails): readonly InspectedCertificate[] {
  const bundle = map.get('cabundle')
  const members = Array.isArray(bundle)
    ? bundle.map((item: CborValue, index) => ({ place: `cabundle[${index}]`, der: asBytes(item) }))
    : []
  return [...members, { place: 'certificate', der: asBytes(map.get('certificate')) }].flatMap(
    ({ place, der }) => (der ? [inspectCertificate(der, place, readDetails)] : []),
  )
}

function timestampOf(map: CborMap): Date | null {
  const value = map.get('timestamp')
  const date = new Date(typeof value === 'number' || typeof value === 'bigint' ? Number(value) : NaN)
  return Number.isNaN(date.getTime()) ? null : date
}

function textOf(map: CborMap, name: string): string | null {
  const value = map.get(name)
  return typeof value === 'string' ? toPrintable(value) : null
}

function bytesOf(map: CborMap, name: string, describe: (bytes: Uint8Array) => string): InspectedBytes | null {
  const bytes = asBytes(map.get(name))
  return bytes ? { bytes, description: describe(bytes) } : null
}

function describeBytes(bytes: Uint8Array): string {
  return `${bytes.length} bytes`
}

function toFieldName(key: CborValue): string {
  return typeof key === 'string' ? toPrintable(key) : `(a ${typeof key})`
}
