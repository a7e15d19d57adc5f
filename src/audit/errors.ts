import { CodedError } from '../core/base-error.ts'

/** Why the trail cannot be opened, or a record cannot be kept: one code a check. */
export type AuditErrorCode =
  'AUDIT_CLOSED' | 'AUDIT_DIRECTORY_UNUSABLE' | 'AUDIT_SYNC_FAILED' | 'AUDIT_WRITE_FAILED'

/** A record that is not kept, so that its call must not be answered. The message holds nothing of the record. */
export class AuditError extends CodedError<AuditErrorCode> {
  override readonly name = 'AuditError'
}
