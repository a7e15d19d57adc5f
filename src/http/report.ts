import type { DecisionLog } from '../decisions/decision-log.ts'
import type { DecisionRecord } from '../decisions/decision-record.ts'
import { reasonLine } from '../decisions/reason-line.ts'
import { HttpError } from './errors.ts'
import type { Log } from './log.ts'
import { toLoggedError } from './log.ts'
import type { Metrics } from './metrics.ts'

/** What is known of a request so far; filled in from step to step, so that a refusal shows how far it got. */
export interface CallTrace {
  readonly requestId: string
  /** Milliseconds on the monotonic clock of the process. */
  readonly startedAt: number
  operation: string | null
  callerArn: string | null
}

/** How a request ended: `OK` or the name of an exception, with what was thrown. */
export interface CallEnd {
  readonly code: string
  readonly error?: unknown
  readonly warnings?: readonly string[]
}

/** Where reports go, and where the verdict on an attestation document is found. */
export interface ReportSettings {
  readonly decisions: Pick<DecisionLog, 'find'>
  readonly log: Log
  readonly metrics: Metrics
}

/** Exceptions that are the service's own fault. */
const SERVER_FAULTS: ReadonlySet<string> = new Set([
  'KMSInternalException',
  'KeyUnavailableException',
  'DependencyTimeoutException',
  'InternalFailure',
])

/** Makes the function that counts a request and writes its line, once it has ended. */
export function createReport({
  decisions,
  log,
  metrics,
}: ReportSettings): (trace: CallTrace, end: CallEnd) => void {
  return ({ requestId, startedAt, operation, callerArn }, { code, error, warnings = [] }) => {
    const record = decisions.find(requestId)
    const attestation = verdictOf(record)
    if (attestation !== null) metrics.countVerdict(attestation)
    metrics.countRequest(operation ?? 'none', code)
    const fault = SERVER_FAULTS.has(code)
    log.write({
      level: fault ? 'error' : warnings.length > 0 ? 'warn' : 'info',
      event: 'request',
      requestId,
      operation,
      caller: callerArn,
      code,
      ...(error instanceof HttpError && { check: error.code }),
      attestation,
      ...(record && reasonOf(record)),
      milliseconds: Math.round((performance.now() - startedAt) * 1000) / 1000,
      ...(warnings.length > 0 && { warnings }),
      ...(fault && { error: toLoggedError(error) }),
    })
  }
}

/** `ACCEPTED` or the code of the check that failed; `null` without a document. */
function verdictOf(record: DecisionRecord | undefined): string | null {
  return record?.attestation ? (record.attestation.code ?? 'ACCEPTED') : null
}

function reasonOf(record: DecisionRecord): { readonly reason?: string } {
  const reason = reasonLine(record)
  return reason === null ? {} : { reason }
}
