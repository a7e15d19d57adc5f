import type { Fault, VerifyWith } from '../../src/simulator/faults/fault.ts'
import type { IssuedDocument } from '../../src/simulator/issue-document.ts'
import type { IssuerRequest, LabIssuer } from '../../src/simulator/issuer.ts'
import type { Verification } from './code-from-verifier.ts'

/** A document of the catalogue and how it is to be put to a verifier: plain data. */
export interface CatalogueCase {
  readonly id: string
  /** What the verifier must refuse it with; null for what must be accepted. */
  readonly code: string | null
  readonly verification: Verification
}

/** A request with its time, which clocks count from. */
export type TimedRequest = IssuerRequest & { readonly at: Date }

/** Issues a fault or an oddity, and takes clock, roots and limits from what the catalogue says. */
export function makeCatalogueCase(issuer: LabIssuer, fault: Fault, request: TimedRequest): CatalogueCase {
  const issued = issuer.issue({ ...request, fault: fault.id })
  const { clock = { secondsAfterIssue: 1 }, roots, maxAgeSeconds, recipientKey } = fault.verifyWith ?? {}
  const now = clock === 'document' ? clock : new Date(request.at.getTime() + clock.secondsAfterIssue * 1000)
  const verification = {
    document: issued.document,
    now,
    roots: rootsFor(roots, issued, issuer.rootCertificate),
    maxAgeSeconds,
    recipientKey,
  }
  return { id: fault.id, code: fault.code, verification }
}

function rootsFor(
  roots: VerifyWith['roots'],
  { certificates }: IssuedDocument,
  labRoot: Uint8Array,
): Verification['roots'] {
  if (roots === 'none') return []
  if (roots === 'aws') return ['aws']
  return [roots === 'as-issued' ? (certificates[0] ?? labRoot) : labRoot]
}
