import { describe, expect, it } from 'vitest'
import { createDecisionLog } from '../../src/decisions/decision-log.ts'
import { utf8 } from '../../src/core/bytes.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { Secret } from '../../src/core/secret.ts'
import type { AuditQuery } from '../../src/audit/read-latest.ts'
import { AuditError } from '../../src/audit/errors.ts'
import { createAdminApp } from '../../src/http/admin-app.ts'
import { createAdmission } from '../../src/http/admission.ts'
import { createLog } from '../../src/http/log.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import { KmsError } from '../../src/operations/errors.ts'
import { call, makeKmsApp, post, signedHeaders } from './an-app.ts'

const full = createAdmission({ calls: 0, attestedCalls: 0 })
const open = createAdmission({ calls: 1, attestedCalls: 1 })

describe('a call that does not reach its operation', () => {
  it.each([
    ['whose body is no JSON', { body: '{', admission: open }, 'SerializationException', null],
    [
      'whose body is a list',
      { body: '[]', admission: open },
      'SerializationException',
      'Start of list found where not expected',
    ],
    [
      'that is throttled',
      { body: '{}', admission: full },
      'ThrottlingException',
      expect.stringContaining('rate'),
    ],
  ])('%s leaves one record', async (_, { body, admission }, code, text) => {
    const { app, audited } = makeKmsApp({ admission })
    const answer = await call(app, { body, headers: { 'user-agent': 'test/1' } })
    expect(audited).toEqual([
      {
        service: 'kms',
        operation: 'Echo',
        requestId: answer.headers.get('x-amzn-requestid'),
        caller: {
          kind: 'user',
          arn: 'arn:aws:iam::111122223333:user/lab',
          accountId: '111122223333',
          userId: expect.stringMatching(/^AIDA/),
          accessKeyId: 'AKIALAB0000000000000',
        },
        region: 'us-east-1',
        sourceAddress: '',
        userAgent: 'test/1',
        refusal: { code, text },
        requestParameters: null,
        responseElements: null,
        additionalEventData: null,
        resources: [],
      },
    ])
    expect(await answer.json()).toMatchObject({ __type: code })
  })

  it('that fails in a way nobody foresaw leaves one that says so', async () => {
    const operations = new Map([['Echo', () => Promise.reject(new RangeError('a fault'))]])
    const { app, audited } = makeKmsApp({ operations })
    expect((await call(app)).status).toBe(500)
    expect(audited).toMatchObject([{ refusal: { code: 'KMSInternalException', text: null } }])
  })

  it('whose record cannot be written is answered with KMSInternalException, and the log says why', async () => {
    const record = (): never => {
      throw new AuditError('AUDIT_WRITE_FAILED', 'no room')
    }
    const { app, lines } = makeKmsApp({ audit: { record } })
    const answer = await call(app, { body: '{' })
    expect([answer.status, await answer.json()]).toEqual([500, { __type: 'KMSInternalException' }])
    expect(lines[0]).toMatchObject({ error: { cause: { code: 'AUDIT_WRITE_FAILED' } } })
  })
})

describe('no record of the listener itself', () => {
  it('of calls that reach their operation, which leaves its own', async () => {
    const refuse = () => Promise.reject(new KmsError('NotFoundException', 'none'))
    const { app, audited } = makeKmsApp({ operations: new Map([['Echo', refuse]]) })
    await call(app)
    await call(makeKmsApp().app)
    expect(audited).toEqual([])
  })

  it('of requests whose caller is not authenticated', async () => {
    const { app, audited } = makeKmsApp()
    const headers = await signedHeaders()
    const answers = [
      await post(app, { ...headers, authorization: headers['authorization']?.replace(/.$/, 'x') ?? '' }),
      await post(app, headers, '{"another":"body"}'),
      await call(app, { accessKeyId: 'AKIAUNKNOWN000000000' }),
      await call(app, { target: 'NoSuchOperation' }),
      await app.request('http://127.0.0.1:4599/', { method: 'POST', body: '{}' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 404])
    expect(audited).toEqual([])
  })
})

describe('GET /audit', () => {
  function makeAsk(records: readonly JsonObject[] = []) {
    const queries: AuditQuery[] = []
    const app = createAdminApp({
      token: new Secret(utf8('token')),
      port: () => 4600,
      isReady: () => true,
      decisions: createDecisionLog({ perCaller: 1, callers: 1 }),
      audit: {
        async latest(query) {
          queries.push(query)
          return records
        },
      },
      metrics: createMetrics(() => 0),
      log: createLog({ sink: () => {}, clock: { now: () => new Date(0) }, unsafe: [] }),
      unsafe: [],
    })
    const ask = async (query: string, authorization = 'Bearer token') =>
      app.request(`http://127.0.0.1:4600/audit${query}`, {
        headers: { host: '127.0.0.1:4600', authorization },
      })
    return { ask, queries }
  }

  it('answers the records that the query selects', async () => {
    const { ask, queries } = makeAsk([{ requestID: 'x' }])
    const answer = await ask('?limit=5&requestId=0b-1&eventName=Decrypt')
    expect(await answer.json()).toEqual({ records: [{ requestID: 'x' }] })
    await ask('')
    expect(queries).toEqual([{ limit: 5, requestId: '0b-1', eventName: 'Decrypt' }, { limit: 50 }])
  })

  it.each(['?limit=0', '?limit=1001', '?limit=x', '?requestID=x', '?requestId=', '?eventName=a%22b', '?x'])(
    'refuses %s with ADMIN_INPUT_INVALID',
    async (query) => {
      const { ask, queries } = makeAsk()
      const answer = await ask(query)
      expect(await answer.json()).toMatchObject({ error: { code: 'ADMIN_INPUT_INVALID' } })
      expect(queries).toEqual([])
    },
  )

  it('is closed to whoever has no token', async () => {
    const { ask, queries } = makeAsk()
    expect((await ask('', 'Bearer other')).status).toBe(401)
    expect(queries).toEqual([])
  })
})
