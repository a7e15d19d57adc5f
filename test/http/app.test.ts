import { describe, expect, it } from 'vitest'
import { createDecisionLog } from '../../src/decisions/decision-log.ts'
import { createAdmission } from '../../src/http/admission.ts'
import { HttpError } from '../../src/http/errors.ts'
import { KmsError } from '../../src/operations/errors.ts'
import type { BoundOperation } from '../../src/http/dispatch.ts'
import { call, makeKmsApp, post, signedHeaders } from './an-app.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** An app whose only operation `Echo` ends as given. */
function appThat(run: BoundOperation): ReturnType<typeof makeKmsApp> {
  return makeKmsApp({ operations: new Map([['Echo', run]]) })
}

describe('KMS app', () => {
  it('answers a signed call in JSON 1.1, under the request id that the operation saw', async () => {
    let seen: unknown
    const { app } = appThat(async (request) => {
      seen = request
      return { body: { KeyId: 'k' }, warnings: [] }
    })
    const answer = await call(app, { body: '{"NumberOfBytes":32}', headers: { 'user-agent': 'test/1' } })
    expect([answer.status, await answer.text()]).toEqual([200, '{"KeyId":"k"}'])
    expect(Object.fromEntries(answer.headers)).toEqual({
      'content-type': 'application/x-amz-json-1.1',
      'cache-control': 'no-cache, no-store, must-revalidate, private',
      pragma: 'no-cache',
      expires: '0',
      'x-amzn-requestid': expect.stringMatching(UUID),
    })
    expect(seen).toMatchObject({
      requestId: answer.headers.get('x-amzn-requestid'),
      caller: { region: 'us-east-1', accessKeyId: 'AKIALAB0000000000000' },
      input: { NumberOfBytes: 32 },
      receivedAt: new Date('2026-03-01T12:00:00Z'),
      origin: {
        address: '',
        userAgent: 'test/1',
        secureTransport: false,
        viaService: null,
        sourceArn: null,
      },
    })
  })

  it('answers an operation without output with an empty body', async () => {
    const answer = await call(appThat(async () => ({ body: null, warnings: [] })).app)
    expect([answer.status, await answer.text()]).toEqual([200, ''])
  })

  const TARGETS = [
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'echo',
    '',
    'Echo x',
    'Encapsulate',
  ]
  it.each(TARGETS)(
    'answers the target TrentService.%s with UnknownOperationException without text',
    async (name) => {
      const answer = await call(makeKmsApp().app, { target: name })
      expect([answer.status, await answer.json()]).toEqual([400, { __type: 'UnknownOperationException' }])
    },
  )

  it.each(['trentservice.Echo', 'Echo', 'DynamoDB_20120810.Echo', 'TrentService.Echo, TrentService.Echo'])(
    'answers the target %s with UnknownOperationException without text',
    async (target) => {
      const answer = await call(makeKmsApp().app, { headers: { 'x-amz-target': target } })
      expect([answer.status, await answer.json()]).toEqual([400, { __type: 'UnknownOperationException' }])
    },
  )

  it('answers a missing target with UnknownOperationException, before it looks for a signature', async () => {
    const answer = await post(makeKmsApp().app, { 'content-type': 'application/x-amz-json-1.1' })
    expect([answer.status, await answer.json()]).toEqual([400, { __type: 'UnknownOperationException' }])
  })

  it.each(['application/x-amz-json-1.0', 'application/json', 'text/plain', 'application/x-amz-json-1.1x'])(
    'answers content type %s with 404 and XML',
    async (type) => {
      const answer = await call(makeKmsApp().app, { headers: { 'content-type': type } })
      expect([answer.status, (await answer.text()).trim()]).toEqual([404, '<UnknownOperationException/>'])
      expect(answer.headers.get('content-type')).toBe('application/xml')
    },
  )

  it('takes the content type in other case and with parameters', async () => {
    const answer = await call(makeKmsApp().app, {
      headers: { 'content-type': 'Application/X-Amz-Json-1.1; charset=utf-8' },
    })
    expect(answer.status).toBe(200)
  })

  it.each([
    ['GET', '/'],
    ['PUT', '/'],
    ['OPTIONS', '/'],
    ['POST', '/other'],
    ['POST', '/health'],
    ['POST', '/?Action=ListKeys'],
    ['POST', '/?'],
  ])('answers %s %s with 404 and XML', async (method, path) => {
    const headers = await signedHeaders()
    const body = method === 'GET' ? null : '{}'
    const answer = await makeKmsApp().app.request(`http://127.0.0.1:4599${path}`, { method, headers, body })
    expect([answer.status, (await answer.text()).trim()]).toEqual([404, '<UnknownOperationException/>'])
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  const BODIES: readonly { body: string | Uint8Array; text?: string }[] = [
    { body: '' },
    { body: 'null' },
    { body: '"text"' },
    { body: '1' },
    { body: '{"a":1,}' },
    { body: '{' },
    { body: '{"a":1,"a":1}' },
    { body: '{"a":{"b":1,"\\u0062":2}}' },
    { body: '\u{feff}{}' },
    { body: Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d) },
    { body: `{"a":${'['.repeat(100_000)}` },
    { body: '[]', text: 'Start of list found where not expected' },
    { body: '[{}]', text: 'Start of list found where not expected' },
  ]
  it.each(BODIES)('answers the body $body with SerializationException', async ({ body, text }) => {
    const answer = await call(makeKmsApp().app, { body })
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { __type: 'SerializationException', ...(text !== undefined && { Message: text }) },
    ])
  })

  it('keeps a member named __proto__ as data', async () => {
    const answer = await call(makeKmsApp().app, { body: '{"__proto__":{"KeyId":"k"}}' })
    expect(await answer.text()).toBe('{"__proto__":{"KeyId":"k"}}')
  })

  it('asks for a signature before it reads JSON', async () => {
    const { app } = makeKmsApp()
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.Echo' }
    const answer = await post(app, headers, 'not JSON')
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { __type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' },
    ])
  })

  const SIGNATURES = [
    { request: { secretAccessKey: 'wrong' }, type: 'InvalidSignatureException' },
    { request: { accessKeyId: 'AKIAUNKNOWN000000000' }, type: 'UnrecognizedClientException' },
    { request: { service: 's3' }, type: 'InvalidSignatureException' },
    { request: { headers: { authorization: 'Bearer abc' } }, type: 'IncompleteSignatureException' },
  ]
  it.each(SIGNATURES)('answers 400 $type in `message`', async ({ request, type }) => {
    const headers = { ...(await signedHeaders(request)), ...request.headers }
    const answer = await post(makeKmsApp().app, headers)
    expect([answer.status, await answer.json()]).toEqual([400, { __type: type, message: expect.any(String) }])
  })

  it('answers a body over 1 MiB with RequestEntityTooLargeException', async () => {
    const body = JSON.stringify({ a: 'x'.repeat(1024 * 1024) })
    const answer = await call(makeKmsApp().app, { body })
    expect([answer.status, await answer.json()]).toEqual([
      413,
      { __type: 'RequestEntityTooLargeException', message: expect.any(String) },
    ])
  })

  it('takes a body of 1 MiB exactly', async () => {
    const body = `{"a":"${'x'.repeat(1024 * 1024 - 8)}"}`
    const answer = await call(makeKmsApp().app, { body })
    expect([body.length, answer.status]).toEqual([1024 * 1024, 200])
  })
})

describe('KMS app, errors of operations', () => {
  it('puts the text of modelled errors into `message`', async () => {
    const { app } = appThat(() => Promise.reject(new KmsError('NotFoundException', "Key 'k' does not exist")))
    const answer = await call(app)
    expect([answer.status, await answer.text()]).toEqual([
      400,
      `{"__type":"NotFoundException","message":"Key 'k' does not exist"}`,
    ])
  })

  it('puts the text of AccessDeniedException into `Message`, and the reason into a header', async () => {
    const reason = 'CHAIN_EXPIRED'
    const { app } = appThat(() =>
      Promise.reject(new KmsError('AccessDeniedException', 'User: u', { reason })),
    )
    const answer = await call(app)
    expect(await answer.json()).toEqual({ __type: 'AccessDeniedException', Message: 'User: u' })
    expect(answer.headers.get('x-attested-kms-reason')).toBe('CHAIN_EXPIRED')
  })

  it('leaves the text member out where there is none', async () => {
    const { app } = appThat(() => Promise.reject(new KmsError('InvalidCiphertextException', null)))
    const answer = await call(app)
    expect(await answer.json()).toEqual({ __type: 'InvalidCiphertextException' })
    expect(answer.headers.get('x-attested-kms-reason')).toBeNull()
  })

  it.each([
    new TypeError('secret detail'),
    'secret detail',
    undefined,
    new HttpError('ADDRESS_IN_USE', 'secret detail'),
  ])('answers KMSInternalException without detail when %s is thrown, and logs where from', async (thrown) => {
    const { app, lines } = appThat(() => Promise.reject(thrown))
    const answer = await call(app)
    expect([answer.status, await answer.text()]).toEqual([500, '{"__type":"KMSInternalException"}'])
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'error',
        code: 'KMSInternalException',
        requestId: answer.headers.get('x-amzn-requestid'),
        error: expect.objectContaining({ frames: expect.any(Array) }),
      }),
    ])
    if (thrown instanceof TypeError) expect(JSON.stringify(lines)).not.toContain('secret detail')
  })

  it('answers ThrottlingException when as many calls are under way as may be, and works again afterwards', async () => {
    const waiting: (() => void)[] = []
    const admission = createAdmission({ calls: 2, attestedCalls: 1 })
    const operations = new Map<string, BoundOperation>([
      [
        'Echo',
        async () => {
          await new Promise<void>((resolve) => waiting.push(resolve))
          return { body: {}, warnings: [] }
        },
      ],
    ])
    const { app } = makeKmsApp({ admission, operations })
    const attested = { body: '{"Recipient":{}}' }
    const first = call(app, attested)
    await expect.poll(() => waiting.length).toBe(1)
    const throttled = {
      __type: 'ThrottlingException',
      message: 'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
    }
    expect(await (await call(app, attested)).json()).toEqual(throttled)
    const second = call(app)
    await expect.poll(() => waiting.length).toBe(2)
    expect(await (await call(app)).json()).toEqual(throttled)
    expect(admission.inFlight()).toBe(2)
    for (const go of waiting) go()
    expect([(await first).status, (await second).status, admission.inFlight()]).toEqual([200, 200, 0])
    const third = call(app, attested)
    await expect.poll(() => waiting.length).toBe(3)
    waiting[2]?.()
    expect((await third).status).toBe(200)
  })
})

describe('KMS app, what it says of itself', () => {
  const unsafe = ['lab-root', 'allow-unsigned']

  it('answers /health with what weakens it and its anchors', async () => {
    const anchors = [{ partition: 'aws', name: 'aws.nitro-enclaves', sha256: '64'.repeat(32) }]
    const answer = await makeKmsApp({ unsafe, anchors }).app.request('/health')
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok', unsafe, anchors }])
    expect(answer.headers.get('x-attested-kms-unsafe')).toBe('lab-root, allow-unsigned')
  })

  it('marks answers, refusals and log lines where it is unsafe, and none where it is not', async () => {
    const lab = makeKmsApp({ unsafe })
    const marks = [await call(lab.app), await call(lab.app, { target: 'No' })].map((answer) =>
      answer.headers.get('x-attested-kms-unsafe'),
    )
    expect(marks).toEqual(['lab-root, allow-unsigned', 'lab-root, allow-unsigned'])
    expect(lab.lines.map((line) => line['unsafe'])).toEqual([unsafe, unsafe])
    const production = makeKmsApp()
    expect((await call(production.app)).headers.has('x-attested-kms-unsafe')).toBe(false)
    expect(production.lines[0]).not.toHaveProperty('unsafe')
  })

  it('writes one line a request, without its body, and counts it', async () => {
    const { app, lines, options } = makeKmsApp()
    const answer = await call(app, { body: '{"Plaintext":"c2VjcmV0"}' })
    await call(app, { secretAccessKey: 'wrong' })
    expect(lines).toEqual([
      {
        time: '2026-03-01T12:00:00.000Z',
        level: 'info',
        event: 'request',
        requestId: answer.headers.get('x-amzn-requestid'),
        operation: 'Echo',
        caller: 'arn:aws:iam::111122223333:user/lab',
        code: 'OK',
        attestation: null,
        milliseconds: expect.any(Number),
      },
      expect.objectContaining({
        caller: null,
        operation: 'Echo',
        code: 'InvalidSignatureException',
        check: 'SIGNATURE_MISMATCH',
      }),
    ])
    expect(JSON.stringify(lines)).not.toContain('c2VjcmV0')
    expect(options.metrics.render()).toContain('attested_kms_requests_total{operation="Echo",code="OK"} 1\n')
  })

  it('logs and counts the verdict on an attestation document, and warnings', async () => {
    const decisions = createDecisionLog({ perCaller: 10, callers: 10 })
    const operations = new Map<string, BoundOperation>([
      [
        'Echo',
        async ({ requestId, input }) => {
          const code = typeof input['code'] === 'string' ? input['code'] : null
          decisions.record({
            requestId,
            time: '',
            operation: 'Echo',
            region: 'us-east-1',
            caller: {
              arn: 'arn',
              accountId: '111122223333',
              accessKeyId: null,
              roleArn: null,
              credentialsIssuedAt: null,
            },
            keyArn: null,
            attestation: {
              verdict: code === null ? 'accepted' : 'rejected',
              code,
              message: null,
              kind: null,
              moduleId: null,
              timestamp: null,
              clock: 'present',
              judgedAt: null,
              checks: [],
            },
            decisions: [],
            result: { outcome: 'answered', error: null, message: null, reason: null },
          })
          return { body: {}, warnings: ['Recipient is ignored'] }
        },
      ],
    ])
    const { app, lines, options } = makeKmsApp({ decisions, operations })
    await call(app)
    await call(app, { body: '{"code":"CHAIN_EXPIRED"}' })
    expect(lines.map(({ level, attestation, warnings }) => ({ level, attestation, warnings }))).toEqual([
      { level: 'warn', attestation: 'ACCEPTED', warnings: ['Recipient is ignored'] },
      { level: 'warn', attestation: 'CHAIN_EXPIRED', warnings: ['Recipient is ignored'] },
    ])
    expect(options.metrics.render()).toContain(
      'attested_kms_attestation_verdicts_total{code="CHAIN_EXPIRED"} 1\n',
    )
  })
})
