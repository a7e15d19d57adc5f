import { CodedError } from '../core/base-error.ts'
import type { ATTESTATION_CHECKS } from './attestation-checks.ts'

/** Which check refused: one code for each check of `ATTESTATION_CHECKS`. */
export type AttestationErrorCode = (typeof ATTESTATION_CHECKS)[number]['code']

/**
 * An attestation document that is refused. `code` names the first check that failed, for programs; the message, for
 * people, names the field or the certificate (`cabundle[0]` is the root, `certificate` the leaf), never its content.
 */
export class AttestationError extends CodedError<AttestationErrorCode> {
  override readonly name = 'AttestationError'
}
