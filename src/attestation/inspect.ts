import { CBOR_MAJOR } from './cbor-head.ts'
import { parseCoseSign1 } from './cose-sign1.ts'
import { describeBytes } from './describe-bytes.ts'
import { describePublicKey } from './describe-public-key.ts'
import type { DocumentKind } from './document.ts'
import { parseDocument } from './document.ts'
import { AttestationError } from './errors.ts'
import { takeInput } from './input.ts'
import type { InspectedCertificate, ReadDetails } from './inspected-certificate.ts'
import { inspectCertificate } from './inspected-certificate.ts'
import type { InspectedEnvelope } from './inspected-envelope.ts'
import { openEnvelope } from './inspected-envelope.ts'
import type { FieldName, InspectedFields, OtherField } from './inspected-fields.ts'
import { inspectFields } from './inspected-fields.ts'
import type { InspectedModule } from './inspected-module.ts'
import { inspectModule } from './inspected-module.ts'
import type { InspectedPcr } from './inspected-pcr.ts'
import { inspectPcrs, isDebugMode } from './inspected-pcr.ts'
import type { LooseItem, LooseReading } from './loose-cbor.ts'
import { readLoosely } from './loose-cbor.ts'
import { findRecipientKeyFault } from './recipient-key.ts'

/** What stands in a document, as far as it can be read. Nothing of it is verified. */
export interface AttestationInspection {
  /** Length of the input in bytes. */
  readonly length: number
  /** The first thing that makes the bytes unreadable for the verifier; `null` where it can read all of them. */
  readonly stoppedBy: AttestationError | null
  /** Where a reader that takes more than the verifier had to stop all the same; `null` where it came to the end. */
  readonly brokenAt: BrokenPlace | null
  /** `null` where the input holds no elements at all. */
  readonly envelope: InspectedEnvelope | null
  /** `null` where the document has no PCR map, or one of each kind. */
  readonly kind: DocumentKind | null
  readonly moduleId: string | null
  readonly module: InspectedModule | null
  /** The Region that the names of the certificates speak of. */
  readonly region: string | null
  /** `null` too where the number is beyond what a `Date` can hold. */
  readonly timestamp: Date | null
  readonly digest: string | null
  /** Whether PCR0 to PCR2 of an enclave are zero. */
  readonly debugMode: boolean
  readonly pcrs: readonly InspectedPcr[]
  readonly publicKey: InspectedPublicKey | null
  readonly userData: InspectedBytes | null
  readonly nonce: InspectedBytes | null
  /** Known fields that are not there; a field that is null is there. */
  readonly absentFields: readonly FieldName[]
  /** Fields that none of the members above shows. */
  readonly otherFields: readonly OtherField[]
  /** Root first, leaf last, as the document orders them. */
  readonly chain: readonly InspectedCertificate[]
}

/** A place in the bytes, and what is the matter there. */
export interface BrokenPlace {
  /** Whether the offset counts from the beginning of the input, or of the payload inside it. */
  readonly within: 'input' | 'payload'
  readonly offset: number
  readonly reason: string
}

/** A field that the attested program filled. */
export interface InspectedBytes {
  readonly bytes: Uint8Array
  /** What the bytes look like, in a few words. */
  readonly description: string
}

/** What it passed as its public key. */
export interface InspectedPublicKey extends InspectedBytes {
  /** Why AWS KMS could not encrypt to it; `null` where it could. */
  readonly recipientFault: AttestationError | null
}

/** How much of an input is looked at: far more than a document has, and a bound on the work. */
const READ_LIMIT_BYTES = 65_536

/**
 * Reads a document without trusting it: what cannot be read is left out, `stoppedBy` says what the verifier would stop
 * at, and `brokenAt` where reading ended. Never rejects for what it is given. What it answers is for people; nothing
 * may be decided by it.
 */
export async function inspectAttestation(bytes: Uint8Array): Promise<AttestationInspection> {
  // Slow to load, so nobody pays for it who does not inspect.
  const { readX509Details } = await import('./x509-details.ts')
  const outer = readLoosely(bytes.subarray(0, READ_LIMIT_BYTES))
  const { envelope, payload: payloadBytes } = openEnvelope(outer.item)
  const payload = payloadBytes && readLoosely(payloadBytes)
  const fields = inspectFields(payload?.item ?? null)
  const { kind, moduleId, timestamp, digest, publicKey, userData, nonce } = fields
  const module = inspectModule(moduleId)
  const pcrs = kind ? inspectPcrs(fields.pcrs, { kind, module }) : []
  const chain = readChain(fields, readX509Details)
  return {
    length: bytes.length,
    stoppedBy: findStop(bytes, chain),
    brokenAt: findBroken(outer, payload),
    envelope,
    kind,
    moduleId,
    module,
    region: chain.find(({ region }) => region !== null)?.region ?? null,
    timestamp,
    digest,
    debugMode: kind !== null && isDebugMode(kind, pcrs),
    pcrs,
    publicKey: publicKey && inspectPublicKey(publicKey),
    userData: userData && inspectBytes(userData),
    nonce: nonce && inspectBytes(nonce),
    absentFields: fields.absentFields,
    otherFields: fields.otherFields,
    chain,
  }
}

function inspectBytes(bytes: Uint8Array): InspectedBytes {
  return { bytes, description: describeBytes(bytes) }
}

function inspectPublicKey(bytes: Uint8Array): InspectedPublicKey {
  return { bytes, description: describePublicKey(bytes), recipientFault: findRecipientKeyFault(bytes) }
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

/** What is wrong inside the payload says more than that the input ended early because of it. */
function findBroken(outer: LooseReading, payload: LooseReading | null): BrokenPlace | null {
  if (payload?.stop) return { within: 'payload', ...payload.stop }
  if (outer.stop) return { within: 'input', ...outer.stop }
  return (payload && findRest('payload', payload)) ?? findRest('input', outer)
}

function findRest(within: BrokenPlace['within'], { item, rest }: LooseReading): BrokenPlace | null {
  return item && rest > 0
    ? { within, offset: item.end, reason: 'more bytes follow than belong to the item' }
    : null
}

function readChain(
  { cabundle, certificate }: InspectedFields,
  readDetails: ReadDetails,
): readonly InspectedCertificate[] {
  const members = cabundle.map((item, index) => ({ place: `cabundle[${index}]`, item }))
  return [...members, ...(certificate ? [{ place: 'certificate', item: certificate }] : [])].flatMap(
    ({ place, item }) => (isBytes(item) ? [inspectCertificate(item.content, place, readDetails)] : []),
  )
}

function isBytes({ major }: LooseItem): boolean {
  return major === CBOR_MAJOR.bytes
}
