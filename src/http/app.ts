import type { AuditTrail } from '../audit/audit-trail.ts'
import type { Admission } from './admission.ts'
import { auditFailure } from './audit-failure.ts'
import { createAuthenticate } from './authenticate.ts'
import type { BoundOperation } from './dispatch.ts'
import { findTarget, parseInput } from './dispatch.ts'
import { HttpError } from './errors.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { CallTrace } from './report.ts'
import { createReport } from './report.ts'
import { labStatedService, originOf } from './request-origin.ts'
import type { Outcome } from './respond.ts'
import { createResponder } from './respond.ts'
import type { StsSettings } from './sts.ts'
import { createStsStep, isForSts } from './sts.ts'
import { createStsResponder } from './sts-respond.ts'
import type { WebApp, WebHandler, WebRequest } from './web.ts'
import { createWebApp } from './web.ts'

/** The longest request body: far above any valid KMS request, of which the largest holds about 100 kB of base64. */
const BODY_LIMIT_BYTES = 1024 * 1024

/** A trust anchor as `/health` shows it. */
export interface AnchorSummary {
  readonly partition: string
  readonly name: string
  /** SHA-256 of the DER certificate, in lower-case hexadecimal digits. */
  readonly sha256: string
}

/** What the KMS listener works with, beside what it authenticates callers with and what STS needs. */
export interface KmsAppOptions extends StsSettings {
  /** What `bindOperations` answers. */
  readonly operations: ReadonlyMap<string, BoundOperation>
  readonly admission: Admission
  /** Takes the records of calls that do not reach their operation. */
  readonly audit: Pick<AuditTrail, 'record'>
  readonly log: Log
  readonly metrics: Metrics
  /** What weakens this service, such as `lab-root`; empty in production. */
  readonly unsafe: readonly string[]
  /** One row for each partition and anchor. */
  readonly anchors: readonly AnchorSummary[]
}

/**
 * The application of the KMS listener: `POST /` in the JSON 1.1 protocol of AWS for KMS, as a form for STS, and
 * `GET /health`. Anything else is answered as a protocol that KMS does not speak.
 */
export function createKmsApp(options: KmsAppOptions): WebApp {
  const { operations, admission, audit, clock, unsafe, anchors } = options
  const believesStated = options[labStatedService] ?? false
  const authenticate = createAuthenticate(options, 'kms')
  const responder = createResponder(unsafe)
  const answering = createAnswering(responder, options)

  // The order of checks: target and content type, length, signature, JSON; then the steps of the operation.
  const call = answering(async (request, trace) => {
    const target = findTarget(request, operations)
    trace.operation = target.name
    const body = await request.readBody(BODY_LIMIT_BYTES)
    const origin = originOf(request, believesStated)
    const caller = authenticate(request, body)
    trace.callerArn = caller.principal.arn
    const { requestId } = trace
    const head = { requestId, caller, origin }
    return auditFailure(audit, { ...head, operation: target.name }, async () => {
      const input = parseInput(body)
      return admission.admit(input, () => target.run({ ...head, input, receivedAt: clock.now() }))
    })
  })
  const callSts = createAnswering(createStsResponder(unsafe), options)(createStsStep(options))
  const elsewhere = answering(async () => {
    throw new HttpError('ROUTE_UNKNOWN', null)
  })

  const health = JSON.stringify({ status: 'ok', unsafe, anchors })
  return createWebApp(
    [
      { method: 'POST', path: '/', handler: (request) => (isForSts(request) ? callSts : call)(request) },
      { method: 'GET', path: '/health', handler: () => responder.page(health) },
    ],
    elsewhere,
  )
}

type Step<Answer> = (request: WebRequest, trace: CallTrace) => Promise<Answer>

/** Puts answers into the form of a protocol. */
interface Protocol<Answer> {
  answer(requestId: string, answer: Answer): Outcome
  refuse(requestId: string, error: unknown): Outcome
}

/** Makes handlers of steps: each request gets its id, an answer whatever happens, and its line in the log. */
function createAnswering<Answer extends { readonly warnings: readonly string[] }>(
  responder: Protocol<Answer>,
  options: KmsAppOptions,
): (step: Step<Answer>) => WebHandler {
  const { random } = options
  const report = createReport(options)
  return (step) => async (request) => {
    const trace: CallTrace = {
      requestId: random.uuid(),
      startedAt: performance.now(),
      operation: null,
      callerArn: null,
    }
    const { outcome, ...end } = await step(request, trace).then(
      (answer) => ({ outcome: responder.answer(trace.requestId, answer), warnings: answer.warnings }),
      (error: unknown) => ({ outcome: responder.refuse(trace.requestId, error), error }),
    )
    report(trace, { code: outcome.code, ...end })
    return outcome.answer
  }
}
