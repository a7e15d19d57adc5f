import type { CborEntry } from './cbor-writer.ts'
import {
  CBOR_NULL,
  cborArray,
  cborBytes,
  cborIndefiniteMap,
  cborInteger,
  cborMap,
  cborText,
} from './cbor-writer.ts'
import type { IssueRequest } from './issue-request.ts'
import type { DocumentKind } from './module-id.ts'
import type { MapForm } from './profile.ts'
import { PROFILE } from './profile.ts'

/** The certificates as they go into a document. */
export interface CertificateBundle {
  /** DER, root first. */
  readonly cabundle: readonly Uint8Array[]
  /** DER of the leaf. */
  readonly certificate: Uint8Array
}

/** One field of the payload map. The name serves to find it; what is written is `key` and `value`. */
export interface DocumentField extends CborEntry {
  readonly name: string
}

/** What is signed, before it is encoded. */
export interface DocumentContent {
  readonly fields: readonly DocumentField[]
  readonly mapForm: MapForm
  /** The encoded protected header, without the byte string around it. */
  readonly protectedHeader: Uint8Array
}

/** The protected header {1: −35}: ES384 (RFC 9052 §3.1, RFC 9053 §2.1). */
const PROTECTED_HEADER = cborMap([{ key: cborInteger(1), value: cborInteger(-35) }])

/** The name of the field that holds the measurements; a verifier knows the kind of a document from it. */
export function pcrFieldName(kind: DocumentKind): 'pcrs' | 'nitrotpm_pcrs' {
  return kind === 'nitrotpm' ? 'nitrotpm_pcrs' : 'pcrs'
}

/** A field from its name and the encoding of its value. */
export function documentField(name: string, value: Uint8Array): DocumentField {
  return { name, key: cborText(name), value }
}

/** The measurements as entries of a map, in ascending order. */
export function pcrEntries(request: IssueRequest): readonly CborEntry[] {
  return [...request.pcrs].map(([index, value]) => ({ key: cborInteger(index), value: cborBytes(value) }))
}

/** The nine fields in AWS's order; a field that is not used is null. */
export function documentContent(
  request: IssueRequest,
  bundle: CertificateBundle,
  pcrs: readonly CborEntry[],
): DocumentContent {
  return {
    fields: [
      documentField('module_id', cborText(request.module.moduleId)),
      documentField('digest', cborText('SHA384')),
      documentField('timestamp', cborInteger(request.at.getTime())),
      documentField(pcrFieldName(request.kind), cborMap(pcrs)),
      documentField('certificate', cborBytes(bundle.certificate)),
      documentField('cabundle', cborArray(bundle.cabundle.map(cborBytes))),
      documentField('public_key', optional(request.publicKey)),
      documentField('user_data', optional(request.userData)),
      documentField('nonce', optional(request.nonce)),
    ],
    mapForm: PROFILE[request.profile].mapForm,
    protectedHeader: PROTECTED_HEADER,
  }
}

function optional(bytes: Uint8Array | null): Uint8Array {
  return bytes === null ? CBOR_NULL : cborBytes(bytes)
}

/** Encodes the payload map. */
export function encodePayload({ fields, mapForm }: DocumentContent): Uint8Array {
  return mapForm === 'indefinite' ? cborIndefiniteMap(fields) : cborMap(fields)
}
