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
  /** The bytes of the COSE_Sign1 structure (RFC 9052 §4.2), untagged. */
  readonly document: Uint8Array
  readonly kind: DocumentKind
  /** `<instance id>-enc<16 hexadecimal digits>` or `<instance id>-tpm0000000000000000`. */
  readonly moduleId: string
  /** The time asked for. A fault in the time stands in the document alone. */
  readonly timestamp: Date
  /** The measurements asked for, 48 bytes by index. A fault in them stands in the document alone. */
  readonly pcrs: PcrValues
  /** DER as in the document, root first, leaf last. */
  readonly certificates: readonly Uint8Array[]
  /** What was made wrong or odd on purpose, and what a verifier must say to it; `null` for a good document. */
  readonly fault: Fault | null
}

/**
 * Issues an attestation document of the shape that AWS's have (AWS Nitro Enclaves user guide, "Verifying the root of
 * trust"), signed below the lab's root. The same lab and options give the same bytes (RFC 6979 signatures). A time in the
 * past gives a document that has expired. Works on the calling thread, for some ten milliseconds; `LabIssuer`, which
 * passes the `certificates` it keeps, for a fraction of that.
 * Throws `SimulatorError`: `SIMULATOR_TIME_INVALID` for no valid time, `SIMULATOR_TIME_OUT_OF_RANGE` for one at which
 * the lab's root is not valid, `SIMULATOR_REGION_INVALID`, `SIMULATOR_INSTANCE_ID_INVALID`, `SIMULATOR_PCR_INVALID`,
 * `SIMULATOR_OPTION_NOT_FOR_KIND` for what only an enclave has, and `SIMULATOR_FAULT_UNKNOWN` for a fault that is not in
 * the catalogue. Throws `TypeError` for values of another type.
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
