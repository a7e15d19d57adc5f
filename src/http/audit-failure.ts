import type { AuditTrail } from '../audit/audit-trail.ts'
import { toCallFacts } from '../operations/audit-outcome.ts'
import type { Call } from '../operations/call.ts'
import { KmsError } from '../operations/errors.ts'
import { wireErrorOfHttp } from './error-table.ts'
import { HttpError } from './errors.ts'

/** A call of an authenticated caller, whose input is not known yet. */
interface CallHead extends Omit<Call, 'input' | 'receivedAt'> {
  readonly operation: string
}

/**
 * Runs what comes between authentication and the end of the operation, and writes the audit record of a call that never
 * reaches its operation: one whose body cannot be read, or that is throttled. An operation leaves its own record, and
 * rejects with `KmsError` only.
 *
 * Requests whose caller is not authenticated leave no record, as they leave none in CloudTrail: else whoever reaches
 * the listener could fill the disk, and write what he likes under a name that is not his.
 *
 * Rejects as `work` does, and with `KmsError` `KMSInternalException` where the record cannot be kept.
 */
export async function auditFailure<Result>(
  audit: Pick<AuditTrail, 'record'>,
  head: CallHead,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof KmsError)) recordFailure(audit, head, error)
    throw error
  }
}

function recordFailure(audit: Pick<AuditTrail, 'record'>, head: CallHead, error: unknown): void {
  try {
    audit.record({ ...toCallFacts(head.operation, head), refusal: toRefusal(error) })
  } catch (cause) {
    throw new KmsError('KMSInternalException', null, { cause })
  }
}

/** What the responder will answer: the name of the exception, and its text. */
function toRefusal(error: unknown): { readonly code: string; readonly text: string | null } {
  const wire = error instanceof HttpError ? wireErrorOfHttp(error.code) : undefined
  if (!(error instanceof HttpError) || wire === undefined || wire === 'xml') {
    return { code: 'KMSInternalException', text: null }
  }
  return { code: wire.type, text: error.text }
}
