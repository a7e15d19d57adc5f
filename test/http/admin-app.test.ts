import { describe, expect, it } from 'vitest'
import { utf8 } from '../../src/core/bytes.ts'
import { Secret } from '../../src/core/secret.ts'
import { createDecisionLog } from '../../src/decisions/decision-log.ts'
import type { DecisionRecord } from '../../src/decisions/decision-record.ts'
import type { AdminAppOptions } from '../../src/http/admin-app.ts'
import { createAdminApp } from '../../src/http/admin-app.ts'
import type { DocumentRequest } from '../../src/http/document-request.ts'
import type { LabActions } from '../../src/http/lab-routes.ts'
import { createLog } from '../../src/http/log.ts'
import { createMetrics } from '../../src/http/metrics.ts'

const TOKEN = 'the-admin-token'
const HOST = '127.0.0.1:4600'

interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | null>>
  readonly body?: string
}

function makeAdminApp(changes: Partial<AdminAppOptions> = {}) {
  const lines: string[] = []
  const metrics = createMetrics(() => 3)
  const clock = { now: () => new Date(0) }
  const app = createAdminApp({
    token: new Secret(utf8(TOKEN)),
    port: () => 4600,
    isReady: () => true,
    decisions: createDecisionLog({ perCaller: 100, callers: 10 }),
    audit: { latest: async () => [] },
    metrics,
    log: createLog({ sink: (line) => lines.push(line), clock, unsafe: [] }),
    unsafe: [],
    ...changes,
  })
  /** Asks with everything that is needed to change something; a header given as `null` is left out. */
  const ask = async (path: string, { method = 'GET', headers = {}, body }: Asked = {}) => {
    const all = Object.entries({
      host: HOST,
      authorization: `Bearer ${TOKEN}`,
      ...(body !== undefined && { 'content-type': 'application/json', 'x-attested-kms-admin': '1' }),
      ...headers,
    }).filter((entry): entry is [string, string] => entry[1] !== null)
    return app.request(`http://${HOST}${path}`, { method, headers: all, ...(body !== undefined && { body }) })
  }
  return { ask, lines, metrics }
}

/** Lab actions that remember what they were asked for. */
function makeLab(changes: Partial<LabActions> = {}) {
  const asked: (string | DocumentRequest | Date | null)[] = []
  const lab: LabActions = {
    reset: async () => void asked.push('reset'),
    issueDocument: async (request) => {
      asked.push(request)
      return { document: Uint8Array.of(1, 2, 3), moduleId: 'i-0-enc0', timestamp: new Date(0) }
    },
    enclaves: {
      start: () => Promise.reject(new Error('none is started here')),
      find: () => undefined,
      list: () => [],
      end: () => false,
    },
    rootPem: '-----BEGIN CERTIFICATE-----\n',
    setClock: (to) => {
      asked.push(to)
      return to ?? new Date(0)
    },
    ...changes,
  }
  return { lab, asked }
}

async function outcomeOf(answer: Response): Promise<unknown> {
  const { error } = (await answer.json()) as { error?: { code: string } }
  return [answer.status, error?.code]
}

const PATHS = [
  '/health',
  '/ready',
  '/metrics',
  '/decisions',
  '/decisions/x',
  '/audit',
  '/lab/root.pem',
  '/lab/enclaves',
  '/no-such',
]

/** What changes something in lab mode, beside the clock. */
const LAB_CHANGES = [
  '/lab/reset',
  '/lab/documents',
  '/lab/enclaves',
  '/lab/enclaves/nsm',
  '/lab/enclaves/end',
]

describe('admin app, who may ask', () => {
  const { lab } = makeLab()

  it.each([
    'evil.example:4600',
    '127.0.0.1:4601',
    '127.0.0.1',
    '10.0.0.1:4600',
    'localhost.evil.example:4600',
    '',
  ])('refuses Host %j on every path with ADMIN_HOST_FOREIGN', async (host) => {
    const { ask } = makeAdminApp({ lab })
    const answers = await Promise.all(
      PATHS.map(async (path) => outcomeOf(await ask(path, { headers: { host } }))),
    )
    expect(answers).toEqual(PATHS.map(() => [421, 'ADMIN_HOST_FOREIGN']))
  })

  it.each([
    'http://evil.example',
    'http://127.0.0.1:4601',
    'https://127.0.0.1:4600',
    'null',
    'http://127.0.0.1:4600.evil.example',
  ])('refuses Origin %s on every path with ADMIN_ORIGIN_FOREIGN', async (origin) => {
    const { ask } = makeAdminApp({ lab })
    const answers = await Promise.all(
      PATHS.map(async (path) => outcomeOf(await ask(path, { headers: { origin } }))),
    )
    expect(answers).toEqual(PATHS.map(() => [403, 'ADMIN_ORIGIN_FOREIGN']))
  })

  it.each(['localhost:4600', '[::1]:4600', '127.0.0.1:4600'])('takes Host and Origin %s', async (host) => {
    const { ask } = makeAdminApp()
    expect((await ask('/decisions', { headers: { host, origin: `http://${host}` } })).status).toBe(200)
  })

  it('takes any port of localhost on a Unix socket, and no Origin there', async () => {
    const { ask } = makeAdminApp({ port: () => null })
    expect((await ask('/decisions', { headers: { host: 'localhost' } })).status).toBe(200)
    const fromPage = await ask('/decisions', { headers: { host: 'localhost', origin: 'http://localhost' } })
    expect(await outcomeOf(fromPage)).toEqual([403, 'ADMIN_ORIGIN_FOREIGN'])
  })

  it.each([null, '', 'Bearer', `Bearer ${TOKEN}x`, 'Bearer the-admin-toke', TOKEN, `Basic ${TOKEN}`])(
    'refuses Authorization %j with ADMIN_TOKEN_INVALID, but for the three open pages',
    async (authorization) => {
      const { ask } = makeAdminApp({ lab })
      const statuses = await Promise.all(
        PATHS.map(async (path) => (await ask(path, { headers: { authorization } })).status),
      )
      expect(statuses).toEqual([200, 200, 200, ...PATHS.slice(3).map(() => 401)])
      const change = await ask('/lab/reset', { method: 'POST', headers: { authorization }, body: '{}' })
      expect(await outcomeOf(change)).toEqual([401, 'ADMIN_TOKEN_INVALID'])
      expect(change.headers.get('www-authenticate')).toBe('Bearer')
    },
  )

  it('says on every answer that nothing of it is to be run, kept or guessed at, and grants no other origin anything', async () => {
    const { ask } = makeAdminApp({ unsafe: ['lab-root'] })
    for (const answer of [await ask('/health'), await ask('/no-such'), await ask('/metrics')]) {
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('x-attested-kms-unsafe')).toBe('lab-root')
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })
})

describe('admin app, what it answers', () => {
  it('answers /health and /ready', async () => {
    const health = await makeAdminApp({ unsafe: ['lab-root'] }).ask('/health')
    expect(await health.json()).toEqual({ status: 'ok', unsafe: ['lab-root'] })
    const ready = await makeAdminApp().ask('/ready')
    const notReady = await makeAdminApp({ isReady: () => false }).ask('/ready')
    expect([ready.status, notReady.status]).toEqual([200, 503])
  })

  it('answers /metrics in the text format of Prometheus', async () => {
    const { ask, metrics } = makeAdminApp()
    metrics.countRequest('Decrypt', 'OK')
    metrics.countRequest('Decrypt', 'OK')
    metrics.countVerdict('CHAIN_EXPIRED')
    const answer = await ask('/metrics')
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const samples = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    expect(samples).toEqual([
      'attested_kms_requests_total{operation="Decrypt",code="OK"} 2',
      'attested_kms_requests_in_flight 3',
      'attested_kms_attestation_verdicts_total{code="CHAIN_EXPIRED"} 1',
    ])
  })

  it('answers decisions by request id, and the latest first up to the limit', async () => {
    const decisions = createDecisionLog({ perCaller: 100, callers: 10 })
    for (const requestId of ['first', 'second', 'third']) decisions.record(recordOf(requestId))
    const { ask } = makeAdminApp({ decisions })
    expect(await (await ask('/decisions/second')).json()).toEqual(recordOf('second'))
    expect(await outcomeOf(await ask('/decisions/unknown'))).toEqual([404, 'DECISION_UNKNOWN'])
    const latest = await ask('/decisions?limit=2')
    expect(await latest.json()).toEqual({ decisions: [recordOf('third'), recordOf('second')] })
  })

  it.each(['0', '1001', '-1', 'x', '1.5', ''])('refuses limit=%s with ADMIN_INPUT_INVALID', async (limit) => {
    expect(await outcomeOf(await makeAdminApp().ask(`/decisions?limit=${limit}`))).toEqual([
      400,
      'ADMIN_INPUT_INVALID',
    ])
  })

  it.each([...LAB_CHANGES, '/lab/clock'])('has no POST %s outside lab mode', async (path) => {
    const answer = await makeAdminApp().ask(path, { method: 'POST', body: '{}' })
    expect(await outcomeOf(answer)).toEqual([404, 'ADMIN_ROUTE_UNKNOWN'])
    expect((await makeAdminApp().ask('/lab/root.pem')).status).toBe(404)
  })
})

describe('admin app, lab mode', () => {
  it('answers the root, and resets', async () => {
    const { lab, asked } = makeLab()
    const { ask } = makeAdminApp({ lab })
    expect(await (await ask('/lab/root.pem')).text()).toBe('-----BEGIN CERTIFICATE-----\n')
    expect(await (await ask('/lab/reset', { method: 'POST', body: '{}' })).json()).toEqual({ status: 'ok' })
    expect(asked).toEqual(['reset'])
  })

  it('moves the clock, and sets it back', async () => {
    const { lab, asked } = makeLab()
    const { ask } = makeAdminApp({ lab })
    const moved = await ask('/lab/clock', { method: 'POST', body: '{"to":"2030-01-01T00:00:00Z"}' })
    expect(await moved.json()).toEqual({ now: '2030-01-01T00:00:00.000Z' })
    await ask('/lab/clock', { method: 'POST', body: '{"to":null}' })
    expect(asked).toEqual([new Date('2030-01-01T00:00:00Z'), null])
  })

  it('issues a document', async () => {
    const { lab, asked } = makeLab()
    const { ask } = makeAdminApp({ lab })
    const answer = await ask('/lab/documents', { method: 'POST', body: '{"kind":"nitrotpm","nonce":"AAE="}' })
    expect(await answer.json()).toEqual({
      document: 'AQID',
      moduleId: 'i-0-enc0',
      timestamp: '1970-01-01T00:00:00.000Z',
    })
    expect(asked).toEqual([expect.objectContaining({ kind: 'nitrotpm', nonce: Uint8Array.of(0, 1) })])
  })

  const CHANGES: readonly { title: string; asked: Asked; outcome: unknown }[] = [
    {
      title: 'without the header',
      asked: { headers: { 'x-attested-kms-admin': null }, body: '{}' },
      outcome: [403, 'ADMIN_HEADER_MISSING'],
    },
    {
      title: 'as a form',
      asked: { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: '{}' },
      outcome: [415, 'ADMIN_CONTENT_TYPE_UNSUPPORTED'],
    },
    {
      title: 'as text',
      asked: { headers: { 'content-type': 'text/plain' }, body: '{}' },
      outcome: [415, 'ADMIN_CONTENT_TYPE_UNSUPPORTED'],
    },
    { title: 'with an empty body', asked: { body: '' }, outcome: [400, 'BODY_NOT_JSON'] },
    { title: 'with a list', asked: { body: '[]' }, outcome: [400, 'BODY_IS_LIST'] },
    { title: 'with null', asked: { body: 'null' }, outcome: [400, 'BODY_NOT_OBJECT'] },
    { title: 'with a member given twice', asked: { body: '{"a":1,"a":1}' }, outcome: [400, 'BODY_NOT_JSON'] },
    {
      title: 'with an unknown member',
      asked: { body: '{"TO":null}' },
      outcome: [400, 'ADMIN_INPUT_INVALID'],
    },
    {
      title: 'with a body over 256 KiB',
      asked: { body: JSON.stringify({ to: 'x'.repeat(256 * 1024) }) },
      outcome: [413, 'BODY_TOO_LARGE'],
    },
  ]
  it.each(CHANGES)('refuses a change $title with $outcome', async ({ asked: request, outcome }) => {
    const { lab, asked } = makeLab()
    const { ask } = makeAdminApp({ lab })
    for (const path of ['/lab/clock', ...LAB_CHANGES]) {
      expect(await outcomeOf(await ask(path, { method: 'POST', ...request }))).toEqual(outcome)
    }
    expect(asked).toEqual([])
  })

  it.each(['{}', '{"to":"tomorrow"}', '{"to":5}', '{"to":"2030-13-01T00:00:00Z"}'])(
    'refuses the time %s with ADMIN_INPUT_INVALID',
    async (body) => {
      const { lab, asked } = makeLab()
      const answer = await makeAdminApp({ lab }).ask('/lab/clock', { method: 'POST', body })
      expect([await outcomeOf(answer), asked]).toEqual([[400, 'ADMIN_INPUT_INVALID'], []])
    },
  )

  it('answers a fault of the program without detail, and logs where it was', async () => {
    const { lab } = makeLab({ reset: () => Promise.reject(new Error('the disk is full')) })
    const { ask, lines } = makeAdminApp({ lab })
    const answer = await ask('/lab/reset', { method: 'POST', body: '{}' })
    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toContain('disk')
    expect(lines).toEqual([expect.stringContaining('"event":"admin-fault"')])
  })
})

function recordOf(requestId: string): DecisionRecord {
  return {
    requestId,
    time: '2026-03-01T12:00:00Z',
    operation: 'Decrypt',
    region: 'us-east-1',
    caller: {
      arn: 'arn:aws:iam::111122223333:user/lab',
      accountId: '111122223333',
      accessKeyId: null,
      roleArn: null,
      credentialsIssuedAt: null,
    },
    keyArn: null,
    attestation: null,
    decisions: [],
    result: { outcome: 'answered', error: null, message: null, reason: null },
  }
}
