import { readPairs } from './cbor.ts'
import { CBOR_MAJOR } from './cbor-head.ts'
import type { CborItem } from './cbor-walk.ts'
import { walkCbor } from './cbor-walk.ts'
import {
  CABUNDLE_COUNT_LIMIT,
  CERTIFICATE_LIMIT_BYTES,
  LAST_TIMESTAMP,
  MODULE_ID_LIMIT_CHARACTERS,
  OPTIONAL_FIELD_LIMIT_BYTES,
} from './constants.ts'
import type { CborFields, DocumentFields } from './document-fields.ts'
import { readFields } from './document-fields.ts'
import { AttestationError } from './errors.ts'
import { readPcrs } from './pcrs.ts'

/** What kind of environment attests: decided by the name of the PCR map alone. */
export type DocumentKind = 'nitro-enclave' | 'nitrotpm'

/** The fields of an attestation document, in order, but without any trust. */
export interface AttestationDocument {
  readonly kind: DocumentKind
  readonly moduleId: string
  /** When the document says it was made, milliseconds since 1970; may lie beyond what a `Date` can hold. */
  readonly timestampMilliseconds: number
  /** 48 bytes by index, as far as the document holds them, in its order. */
  readonly pcrs: ReadonlyMap<number, Uint8Array>
  /** DER of the certificate whose key signed the document. */
  readonly certificate: Uint8Array
  /** DER of the certificates above it, root first. */
  readonly cabundle: readonly Uint8Array[]
  /** Whatever the attested program passed; absent and null are the same. */
  readonly publicKey: Uint8Array | null
  readonly userData: Uint8Array | null
  readonly nonce: Uint8Array | null
}

/**
 * Reads the payload of an attestation document (AWS Nitro Enclaves user guide, "Verifying the root of trust"; NSM API,
 * attestation process). Fields with other names are passed over. Throws `AttestationError` with the `CBOR_…` codes and
 * the `DOCUMENT_…` codes that do not depend on time.
 */
export function parseDocument(payload: Uint8Array): AttestationDocument {
  const map = readMap(payload)
  const kind = readKind(map)
  const fields = readFields(map, kind === 'nitrotpm' ? 'nitrotpm_pcrs' : 'pcrs')
  checkModuleId(fields.moduleId)
  checkDigest(fields.digest)
  const timestampMilliseconds = toTimestamp(fields.timestamp)
  const pcrs = readPcrs(payload, fields.pcrs)
  checkSizes(fields)
  const { moduleId, certificate, cabundle, publicKey, userData, nonce } = fields
  return {
    kind,
    moduleId,
    timestampMilliseconds,
    pcrs,
    certificate,
    cabundle,
    publicKey,
    userData,
    nonce,
  }
}

function readMap(payload: Uint8Array): CborFields {
  const pairs = readPairs(walkCbor(payload))
  if (!pairs) throw new AttestationError('DOCUMENT_NOT_A_MAP', 'the payload is no map')
  if (!pairs.every(([key]) => key.major === CBOR_MAJOR.text)) {
    throw new AttestationError('DOCUMENT_KEY_INVALID', 'the payload has a key that is no text')
  }
  // Names of known fields are ASCII. Others need no decoding: as Latin-1 different bytes are different texts.
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length)
  const nameOf = ({ contentStart, end }: CborItem): string => bytes.toString('latin1', contentStart, end)
  return { payload, items: new Map(pairs.map(([key, value]) => [nameOf(key), value])) }
}

/** A document with both maps would speak for two kinds of environment. */
function readKind({ items }: CborFields): DocumentKind {
  const [isEnclave, isTpm] = [items.has('pcrs'), items.has('nitrotpm_pcrs')]
  if (isEnclave && isTpm) {
    throw new AttestationError('DOCUMENT_KIND_AMBIGUOUS', 'there are both pcrs and nitrotpm_pcrs')
  }
  if (!isEnclave && !isTpm) {
    throw new AttestationError('DOCUMENT_KIND_UNKNOWN', 'there are neither pcrs nor nitrotpm_pcrs')
  }
  return isTpm ? 'nitrotpm' : 'nitro-enclave'
}

/** The id goes into logs, so it holds printable ASCII only; AWS promises no pattern. */
function checkModuleId(moduleId: string): void {
  if (!/^[\x21-\x7e]+$/.test(moduleId) || moduleId.length > MODULE_ID_LIMIT_CHARACTERS) {
    throw new AttestationError(
      'DOCUMENT_MODULE_ID_INVALID',
      `module_id is not 1 to ${MODULE_ID_LIMIT_CHARACTERS} printable characters`,
    )
  }
}

function checkDigest(digest: string): void {
  if (digest !== 'SHA384') throw new AttestationError('DOCUMENT_DIGEST_UNSUPPORTED', 'digest is not SHA384')
}

/** Milliseconds since 1970, exact as a number. */
function toTimestamp(timestamp: number | bigint): number {
  if (timestamp <= 0 || timestamp > LAST_TIMESTAMP) {
    throw new AttestationError('DOCUMENT_TIMESTAMP_INVALID', 'timestamp is 0 or not exact')
  }
  return Number(timestamp)
}

function checkSizes({ certificate, cabundle, publicKey, userData, nonce }: DocumentFields): void {
  if (cabundle.length === 0 || cabundle.length > CABUNDLE_COUNT_LIMIT) {
    throw new AttestationError(
      'DOCUMENT_CABUNDLE_COUNT_INVALID',
      `cabundle has ${cabundle.length} certificates`,
    )
  }
  const misfit = [...cabundle, certificate].find(
    ({ length }) => length === 0 || length > CERTIFICATE_LIMIT_BYTES,
  )
  if (misfit) {
    throw new AttestationError(
      'DOCUMENT_CERTIFICATE_SIZE_INVALID',
      `a certificate has ${misfit.length} bytes`,
    )
  }
  const optional = { public_key: publicKey, user_data: userData, nonce }
  for (const [name, value] of Object.entries(optional)) {
    if (value && value.length > OPTIONAL_FIELD_LIMIT_BYTES) {
      throw new AttestationError('DOCUMENT_OPTIONAL_SIZE_INVALID', `${name} has ${value.length} bytes`)
    }
  }
}
