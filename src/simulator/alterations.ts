import type { CborEntry } from './cbor-writer.ts'
import type { ChainPlan } from './chain-plan.ts'
import type { CertificateBundle, DocumentContent } from './document-content.ts'
import type { IssueRequest } from './issue-request.ts'
import type { LabPki } from './lab-pki.ts'

/*
 * Where a document can be made to differ from a good one: at each step of its making, in the order below. Whatever
 * comes after the step is done as for a good document, signatures included, so a difference made before a signature is
 * signed like everything else, and one made after it is not.
 */

/** What has been made when a step is altered. */
export interface AlterationContext {
  readonly pki: LabPki
  readonly request: IssueRequest
  readonly chain: ChainPlan
}

/** What the byte strings of a COSE_Sign1 hold (RFC 9052 §4.2). */
export interface CoseParts {
  readonly protectedHeader: Uint8Array
  readonly payload: Uint8Array
  readonly signature: Uint8Array
}

/** What is to be signed. */
export interface SigningInput {
  /** The content of the protected byte string. */
  readonly protectedHeader: Uint8Array
  readonly payload: Uint8Array
  /** `Sig_structure` over both (RFC 9052 §4.4). */
  readonly signatureStructure: Uint8Array
}

/** Changes to fields, headers and payload bytes. */
export interface ContentAlterations {
  readonly content?: (content: DocumentContent, context: AlterationContext) => DocumentContent
  /** The encoded payload. */
  readonly payload?: (payload: Uint8Array, context: AlterationContext) => Uint8Array
}

/** Changes to a document in the order in which they take effect; a good one has none. */
export interface Alterations extends ContentAlterations {
  readonly request?: (request: IssueRequest, pki: LabPki) => IssueRequest
  /** The certificates before they are signed. */
  readonly chain?: (chain: ChainPlan, context: AlterationContext) => ChainPlan
  /** The signed certificates and their order. */
  readonly bundle?: (bundle: CertificateBundle, context: AlterationContext) => CertificateBundle
  readonly pcrs?: (entries: readonly CborEntry[], context: AlterationContext) => readonly CborEntry[]
  /** Signs in place of the leaf's key over the whole `Sig_structure`; answers the signature's bytes. */
  readonly sign?: (input: SigningInput, context: AlterationContext) => Uint8Array
  /** The finished signature. */
  readonly signature?: (signature: Uint8Array, context: AlterationContext) => Uint8Array
  /** Changes that the signature does not cover. */
  readonly afterSigning?: ContentAlterations
  /** Puts the parts together in place of the array of four. */
  readonly assemble?: (parts: CoseParts) => Uint8Array
  /** The finished document. */
  readonly document?: (document: Uint8Array) => Uint8Array
}
