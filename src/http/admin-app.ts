import type { AuditTrail } from '../audit/audit-trail.ts'
import type { Secret } from '../core/secret.ts'
import type { DecisionLog } from '../decisions/decision-log.ts'
import type { AdminAccess } from './admin-access.ts'
import { createAdminAccess } from './admin-access.ts'
import { parseInput } from './dispatch.ts'
import { adminStatusOf } from './error-table.ts'
import { HttpError } from './errors.ts'
import { describeEnclave } from './lab-enclaves.ts'
import type { LabActions } from './lab-routes.ts'
import { labActionsByPath } from './lab-routes.ts'
import type { Log } from './log.ts'
import { toLoggedError } from './log.ts'
import type { Metrics } from './metrics.ts'
import { readAuditQuery, readLimit } from './page-query.ts'
import type { WebAnswer, WebApp, WebHandler, WebRoute } from './web.ts'
import { createWebApp } from './web.ts'

/** The longest request body. */
const BODY_LIMIT_BYTES = 256 * 1024

/** What the admin listener works with. */
export interface AdminAppOptions {
  /** The admin token, as UTF-8. */
  readonly token: Secret
  /** The TCP port that the listener got; `null` for a Unix socket. */
  readonly port: () => number | null
  readonly isReady: () => boolean
  readonly decisions: Pick<DecisionLog, 'find' | 'latest'>
  readonly audit: Pick<AuditTrail, 'latest'>
  readonly metrics: Metrics
  readonly log: Log
  /** What weakens this service, such as `lab-root`; empty in production. */
  readonly unsafe: readonly string[]
  /** Given in lab mode only. */
  readonly lab?: LabActions
}

/**
 * The application of the admin listener. `/health`, `/ready` and `/metrics` are open to whoever reaches it; all the rest
 * needs the token, and what changes something is JSON with a header of its own.
 */
export function createAdminApp(options: AdminAppOptions): WebApp {
  const { lab } = options
  const access = createAdminAccess(options.token, options.port)
  const guard = createGuard(options)

  const open = (path: string, page: () => WebAnswer): WebRoute => ({
    method: 'GET',
    path,
    handler: guard((request) => {
      access.checkOrigin(request)
      return page()
    }),
  })
  const guarded = (path: string, page: WebHandler): WebRoute => ({
    method: 'GET',
    path,
    handler: guard((request) => {
      access.checkOrigin(request)
      access.checkToken(request)
      return page(request)
    }),
  })

  const routes = [
    open('/health', () => json(200, { status: 'ok', unsafe: options.unsafe })),
    open('/ready', () =>
      options.isReady() ? json(200, { status: 'ready' }) : json(503, { status: 'not-ready' }),
    ),
    open('/metrics', () => text('text/plain; version=0.0.4; charset=utf-8', options.metrics.render())),
    ...recordPages(options).map(([path, page]) => guarded(path, page)),
    ...(lab
      ? [
          guarded('/lab/root.pem', () => text('application/x-pem-file', lab.rootPem)),
          guarded('/lab/enclaves', () => json(200, { enclaves: lab.enclaves.list().map(describeEnclave) })),
          ...labChanges(lab, access, guard),
        ]
      : []),
  ]
  return createWebApp(
    routes,
    guard((request) => {
      access.checkOrigin(request)
      access.checkToken(request)
      throw new HttpError('ADMIN_ROUTE_UNKNOWN', 'there is nothing under this method and path')
    }),
  )
}

/** What is kept of calls: the explanations of the latest, and the audit trail. */
function recordPages({ decisions, audit }: AdminAppOptions): readonly (readonly [string, WebHandler])[] {
  return [
    ['/decisions', (request) => json(200, { decisions: decisions.latest(readLimit(request)) })],
    [
      '/decisions/:id',
      (request) => {
        const record = decisions.find(request.parameter('id'))
        if (!record) throw new HttpError('DECISION_UNKNOWN', 'no decision is kept under this request id')
        return json(200, record)
      },
    ],
    ['/audit', async (request) => json(200, { records: await audit.latest(readAuditQuery(request)) })],
  ]
}

type Guard = (handler: WebHandler) => WebHandler

function labChanges(lab: LabActions, access: AdminAccess, guard: Guard): readonly WebRoute[] {
  return [...labActionsByPath(lab)].map(([path, act]) => ({
    method: 'POST',
    path,
    handler: guard(async (request) => {
      access.checkOrigin(request)
      access.checkToken(request)
      access.checkChange(request)
      return json(200, await act(parseInput(await request.readBody(BODY_LIMIT_BYTES))))
    }),
  }))
}

/** Wraps handlers so that what they throw becomes an answer, and a fault of the program a line in the log. */
function createGuard({ log, unsafe }: AdminAppOptions): Guard {
  const refuse = (error: unknown): WebAnswer => {
    const status = error instanceof HttpError ? adminStatusOf(error.code) : undefined
    if (error instanceof HttpError && status !== undefined) {
      const refusal = json(status, { error: { code: error.code, message: error.message } })
      // RFC 9110 §15.5.2: a 401 says how to authenticate.
      return status === 401
        ? { ...refusal, headers: { ...refusal.headers, 'www-authenticate': 'Bearer' } }
        : refusal
    }
    log.write({ level: 'error', event: 'admin-fault', error: toLoggedError(error) })
    return json(500, { error: { code: 'INTERNAL', message: 'a fault of the program; the log says more' } })
  }
  const mark = unsafe.length > 0 ? { 'x-attested-kms-unsafe': unsafe.join(', ') } : {}
  return (handler) => async (request) => {
    let answer: WebAnswer
    try {
      answer = await handler(request)
    } catch (error) {
      answer = refuse(error)
    }
    return { ...answer, headers: { ...PROTECTION, ...mark, ...answer.headers } }
  }
}

/** On every answer: nothing of it is run, framed, guessed at, kept, or read by a page of another origin. */
const PROTECTION = {
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const

function json(status: WebAnswer['status'], value: object): WebAnswer {
  return { status, body: JSON.stringify(value), headers: { 'content-type': 'application/json' } }
}

function text(contentType: string, body: string): WebAnswer {
  return { status: 200, body, headers: { 'content-type': contentType } }
}
