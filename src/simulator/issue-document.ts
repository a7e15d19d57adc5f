import type { CertificateSource } from './build-document.ts'
import { FRESH_CERTIFICATES, buildDocument } from './build-document.ts'
import type { Fault } from './faults/fault.ts'
import { findFault } from './faults.ts'
import type { IssueOptions } from './issue-request.ts'
import { resolveRequest } from './issue-request.ts'
import type { LabPki } from './lab-pki.ts'
import type { DocumentKind } from './module-id.ts'
import type { PcrValues } from './pcr.ts'

export type { IssueOptions } from './issue-request.ts'

/** A document and what it says. */
export interface IssuedDocument {
  /** COSE_Sign1, untagged. */
  readonly document: Uint8Array
  readonly kind: DocumentKind
  readonly moduleId: string
  /** The time asked for. A fault in the time stands in the document alone. */
  readonly timestamp: Date
  readonly pcrs: PcrValues
  /** DER as in the document, root first, leaf last. */
  readonly certificates: readonly Uint8Array[]
  /** What was made wrong or odd on purpose, and what a verifier must say to it. */
  readonly fault: Fault | null
}

/**
 * Issues an attestation document of the shape that AWS's have, signed below the lab's root. The same lab and options
 * give the same bytes. A time in the past gives a document that has expired.
 * Throws `SimulatorError` for options that cannot be met, see `resolveRequest` and `planRegional`, and
 * `SIMULATOR_FAULT_UNKNOWN` for a fault that is not in the catalogue.
 */
export function issueDocument(
  pki: LabPki,
  options: IssueOptions,
  certificates: CertificateSource = FRESH_CERTIFICATES,
): IssuedDocument {
  const fault = options.fault === undefined ? null : findFault(options.fault)
  const { document, request, bundle } = buildDocument(pki, resolveRequest(pki, options), {
    certificates,
    ...(fault && { alterations: fault.alter }),
  })
  return {
    document,
    kind: request.kind,
    moduleId: request.module.moduleId,
    timestamp: request.at,
    pcrs: request.pcrs,
    certificates: [...bundle.cabundle, bundle.certificate],
    fault,
  }
}
