import type { AttestationErrorCode } from '../../../src/attestation/errors.ts'
import type { VerifyOptions } from '../../../src/attestation/verify-options.ts'
import type { AttestationSpec } from '../../support/attestation/an-attestation.ts'

/** One thing that is wrong, and the code that it has to be refused with. Everything else about the document is good. */
export interface Refusal {
  readonly code: AttestationErrorCode
  readonly what: string
  readonly spec?: AttestationSpec
  readonly options?: Partial<VerifyOptions>
}

/** A document that must be accepted: what is odd about it, and how it is verified where that matters. */
export type Acceptance = readonly [what: string, spec: AttestationSpec, options?: Partial<VerifyOptions>]
