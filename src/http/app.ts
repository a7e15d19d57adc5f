import type { AuditTrail } from '../audit/audit-trail.ts'
import type { DecisionLog } from '../decisions/decision-log.ts'
import type { Answer } from '../operations/call.ts'
import type { Admission } from './admission.ts'
import { auditFailure } from './audit-failure.ts'
import type { AuthenticationSettings } from './authenticate.ts'
import { createAuthenticate } from './authenticate.ts'
import type { BoundOperation } from './dispatch.ts'
import { findTarget, parseInput } from './dispatch.ts'
import { HttpError } from './errors.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { CallTrace } from './report.ts'
import { createReport } from './report.ts'
import { labStatedService, originOf } from './request-origin.ts'
import type { Responder } from './respond.ts'
import { createResponder } from './respond.ts'
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

/** What the KMS listener works with, beside what it authenticates callers with. */
export interface KmsAppOptions extends AuthenticationSettings {
  /** What `bindOperations` answers. */
  readonly operations: ReadonlyMap<string, BoundOperation>
  readonly admission: Admission
  /** Takes the records of calls that do not reach their operation. */
  readonly audit: Pick<AuditTrail, 'record'>
  readonly decisions: Pick<DecisionLog, 'find'>
  readonly log: Log
  readonly metrics: Metrics
  /** What weakens this service, such as `lab-root`; empty in production. */
  readonly unsafe: readonly string[]
  /** One row for each partition and anchor. */
  readonly anchors: readonly AnchorSummary[]
  /** Whether callers may say that an AWS service calls for them. For lab mode. */
  readonly [labStatedService]?: boolean
}

/**
 * The application of the KMS listener: `POST /` in the JSON 1.1 protocol of AWS, and `GET /health`. Anything else is
 * answered as a protocol that KMS does not speak.
 */
export function createKmsApp(options: KmsAppOptions): WebApp {
  const { operations, admission, audit, clock, unsafe, anchors } = options
  const believesStated = options[labStatedService] ?? false
  const authenticate = createAuthenticate(options)
  const responder = createResponder(unsafe)
  const answering = createAnswering(responder, options)

  // The order of checks: target and content type, length, signature, JSON; then the steps of the operation.
  const call = answering(async (request, trace) => {
    const target = findTarget(request, operations)
    trace.operation = target.name
    const body = await request.readBody(BODY_LIMIT_BYTES)
    const caller = authenticate(request, body)
    trace.callerArn = caller.principal.arn
    const { requestId } = trace
    const origin = originOf(request, believesStated)
    const head = { requestId, caller, origin }
    return auditFailure(audit, { ...head, operation: target.name }, async () => {
      const input = parseInput(body)
      return admission.admit(input, () => target.run({ ...head, input, receivedAt: clock.now() }))
    })
  })
  const elsewhere = answering(async () => {
    throw new HttpError('ROUTE_UNKNOWN', null)
  })

  const health = JSON.stringify({ status: 'ok', unsafe, anchors })
  return createWebApp(
    [
      { method: 'POST', path: '/', handler: call },
      { method: 'GET', path: '/health', handler: () => responder.page(health) },
    ],
    elsewhere,
  )
}

type Step = (request: WebRequest, trace: CallTrace) => Promise<Answer>

/** Makes handlers of steps: each request gets its id, an answer whatever happens, and its line in the log. */
function createAnswering(responder: Responder, options: KmsAppOptions): (step: Step) => WebHandler {
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
