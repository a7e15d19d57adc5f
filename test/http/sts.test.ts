import { describe, expect, it } from 'vitest'
import { createDirectory } from '../../src/identity/directory.ts'
import { LAB_ACCESS_KEY } from '../../src/identity/lab-identity.ts'
import { toRole } from '../../src/identity/role.ts'
import { unsafeAllowUnsigned } from '../../src/http/unsigned-caller.ts'
import type { AppUnderTest, RequestToSign } from './an-app.ts'
import { makeKmsApp, NOW, post, signedHeaders } from './an-app.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
const IDENTITY = 'Action=GetCallerIdentity&Version=2011-06-15'
const ROLE = 'arn:aws:iam::111122223333:role/host'
const ASSUME = `Action=AssumeRole&Version=2011-06-15&RoleArn=${encodeURIComponent(ROLE)}&RoleSessionName=me`

const role = toRole({
  accountId: '111122223333',
  name: 'host',
  path: '/',
  trustPolicy: JSON.stringify({
    Statement: [
      { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
    ],
  }),
  identityPolicies: [],
  permissionsBoundary: null,
  tags: [],
  maxSessionSeconds: 3600,
})
const makeApp = (): AppUnderTest => makeKmsApp({ identities: createDirectory([LAB_ACCESS_KEY], [], [role]) })

async function call({ app }: AppUnderTest, body: string, request: RequestToSign = {}): Promise<Response> {
  const headers = await signedHeaders({
    service: 'sts',
    body,
    ...request,
    headers: { ...FORM, ...request.headers },
  })
  return post(app, headers, body)
}

/** The text of the one element of this name. */
function element(xml: string, name: string): string {
  const found = [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => text)
  expect(found).toHaveLength(1)
  return found[0] ?? ''
}

describe('STS on the KMS listener', () => {
  it('answers GetCallerIdentity in XML', async () => {
    const under = makeApp()
    const answer = await call(under, IDENTITY)
    const requestId = answer.headers.get('x-amzn-requestid')
    expect(requestId).toMatch(UUID)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/xml'])
    expect(await answer.text()).toBe(
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
        `<Arn>arn:aws:iam::111122223333:user/lab</Arn><UserId>${LAB_ACCESS_KEY.principal.userId}</UserId>` +
        '<Account>111122223333</Account></GetCallerIdentityResult>' +
        `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>\n`,
    )
    expect(under.lines).toMatchObject([
      {
        event: 'request',
        requestId,
        operation: 'GetCallerIdentity',
        caller: LAB_ACCESS_KEY.principal.arn,
        code: 'OK',
      },
    ])
  })

  it('hands out credentials with which KMS takes calls', async () => {
    const under = makeApp()
    const xml = await (await call(under, ASSUME)).text()
    const credentials = {
      accessKeyId: element(xml, 'AccessKeyId'),
      secretAccessKey: element(xml, 'SecretAccessKey'),
      sessionToken: element(xml, 'SessionToken'),
    }
    expect(element(xml, 'Expiration')).toBe('2026-03-01T13:00:00Z')
    const headers = await signedHeaders(credentials)
    expect((await post(under.app, headers)).status).toBe(200)
    expect(under.lines.at(-1)).toMatchObject({
      operation: 'Echo',
      caller: 'arn:aws:sts::111122223333:assumed-role/host/me',
    })
    const again = await (await call(under, IDENTITY, credentials)).text()
    expect(element(again, 'Arn')).toBe('arn:aws:sts::111122223333:assumed-role/host/me')
    expect(JSON.stringify(under.lines)).not.toContain(credentials.sessionToken)
    expect(JSON.stringify(under.lines)).not.toContain(credentials.secretAccessKey)
  })

  it('escapes what came with the request', async () => {
    const xml = await (await call(makeApp(), 'Action=<b>%26&Version=2011-06-15')).text()
    expect(xml).toContain('<Message>Could not find operation &lt;b&gt;&amp; for version 2011-06-15</Message>')
  })

  it('refuses with ErrorResponse, and keeps a record that explains it', async () => {
    const under = makeApp()
    const answer = await call(under, ASSUME.replace('host', 'none'))
    const requestId = answer.headers.get('x-amzn-requestid') ?? ''
    expect(await answer.text()).toBe(
      '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>' +
        '<Code>AccessDenied</Code><Message>User: arn:aws:iam::111122223333:user/lab is not authorized to perform: ' +
        'sts:AssumeRole on resource: arn:aws:iam::111122223333:role/none</Message></Error>' +
        `<RequestId>${requestId}</RequestId></ErrorResponse>\n`,
    )
    expect(answer.status).toBe(403)
    expect(under.options.decisions.find(requestId)?.decisions).toHaveLength(1)
    expect(under.lines).toMatchObject([{ operation: 'AssumeRole', code: 'AccessDenied', level: 'info' }])
  })

  const WRONG = /^The request signature we calculated does not match/
  it.each<[string, string, RequestToSign, number, string, RegExp]>([
    [
      'an unknown action',
      'Action=GetSessionToken&Version=2011-06-15',
      {},
      400,
      'InvalidAction',
      /^Could not find/,
    ],
    ['no action', 'Version=2011-06-15', {}, 400, 'MissingAction', /Action/],
    ['a broken form', `${IDENTITY}&a=%`, {}, 400, 'MalformedInput', /escape/],
    [
      'a missing parameter',
      'Action=AssumeRole&Version=2011-06-15',
      {},
      400,
      'ValidationError',
      /^2 validation/,
    ],
    [
      'a session policy that is none',
      `${ASSUME}&Policy=%7B%7D`,
      {},
      400,
      'MalformedPolicyDocument',
      /Statement/,
    ],
    [
      'an unknown access key',
      IDENTITY,
      { accessKeyId: 'AKIAUNKNOWN000000000' },
      403,
      'InvalidClientTokenId',
      /is invalid\.$/,
    ],
    [
      'a token that nobody made',
      IDENTITY,
      { accessKeyId: 'ASIAUNKNOWN000000000', sessionToken: 'x' },
      403,
      'InvalidClientTokenId',
      /is invalid\.$/,
    ],
    ['a wrong secret', IDENTITY, { secretAccessKey: 'wrong' }, 403, 'SignatureDoesNotMatch', WRONG],
    [
      'a time 301 seconds ago',
      IDENTITY,
      { at: new Date(NOW.getTime() - 301_000) },
      403,
      'SignatureDoesNotMatch',
      /^Signature expired: /,
    ],
    [
      'a time 301 seconds ahead',
      IDENTITY,
      { at: new Date(NOW.getTime() + 301_000) },
      403,
      'SignatureDoesNotMatch',
      /^Signature not yet current: /,
    ],
    [
      'the scope of KMS',
      IDENTITY,
      { service: 'kms' },
      403,
      'SignatureDoesNotMatch',
      /scoped to correct service: 'sts'/,
    ],
    [
      'an unsigned payload',
      IDENTITY,
      { headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } },
      403,
      'SignatureDoesNotMatch',
      WRONG,
    ],
    [
      'another Authorization',
      IDENTITY,
      { headers: { authorization: 'Bearer x' } },
      400,
      'IncompleteSignature',
      /Credential/,
    ],
  ])('refuses %s', async (...[, body, request, status, code, text]) => {
    const signed = await signedHeaders({
      service: 'sts',
      body,
      ...request,
      headers: { ...FORM, ...request.headers },
    })
    const answer = await post(makeApp().app, { ...signed, ...request.headers }, body)
    const xml = await answer.text()
    expect([answer.status, element(xml, 'Type'), element(xml, 'Code')]).toEqual([status, 'Sender', code])
    expect(element(xml, 'Message')).toMatch(text)
  })

  it('refuses another body under the signature', async () => {
    const headers = await signedHeaders({ service: 'sts', body: IDENTITY, headers: FORM })
    const answer = await post(makeApp().app, headers, ASSUME)
    expect([answer.status, element(await answer.text(), 'Code')]).toEqual([403, 'SignatureDoesNotMatch'])
  })

  it('answers the same request again while its time is in the window', async () => {
    const under = makeApp()
    const headers = await signedHeaders({ service: 'sts', body: IDENTITY, headers: FORM })
    const statuses = [await post(under.app, headers, IDENTITY), await post(under.app, headers, IDENTITY)]
    expect(statuses.map(({ status }) => status)).toEqual([200, 200])
  })

  it('refuses a request without a signature', async () => {
    const answer = await post(makeApp().app, FORM, IDENTITY)
    expect([answer.status, element(await answer.text(), 'Code')]).toEqual([403, 'MissingAuthenticationToken'])
  })

  it('refuses an expired session with ExpiredToken', async () => {
    let now = NOW
    const options = { identities: createDirectory([LAB_ACCESS_KEY], [], [role]), clock: { now: () => now } }
    const under = makeKmsApp(options)
    const xml = await (await call(under, `${ASSUME}&DurationSeconds=900`)).text()
    const credentials = {
      accessKeyId: element(xml, 'AccessKeyId'),
      secretAccessKey: element(xml, 'SecretAccessKey'),
      sessionToken: element(xml, 'SessionToken'),
    }
    now = new Date(NOW.getTime() + 900_000)
    const refused = await call(under, IDENTITY, { ...credentials, at: now })
    expect([refused.status, element(await refused.text(), 'Code')]).toEqual([403, 'ExpiredToken'])
    const kms = await post(under.app, await signedHeaders({ ...credentials, at: now }))
    expect([kms.status, await kms.json()]).toEqual([
      400,
      { __type: 'ExpiredTokenException', message: 'The security token included in the request is expired' },
    ])
  })

  it('refuses a body over 256 KiB', async () => {
    const answer = await call(makeApp(), `${IDENTITY}&a=${'x'.repeat(256 * 1024)}`)
    expect([answer.status, element(await answer.text(), 'Code')]).toEqual([413, 'RequestEntityTooLarge'])
  })

  it('has a form with a query string for no request of STS', async () => {
    const headers = await signedHeaders({ service: 'sts', body: IDENTITY, headers: FORM })
    const { app } = makeApp()
    const answer = await app.request(`http://127.0.0.1:4599/?${IDENTITY}`, {
      method: 'POST',
      headers,
      body: IDENTITY,
    })
    expect([answer.status, await answer.text()]).toEqual([404, '<UnknownOperationException/>\n'])
  })

  it('lets a request without a signature in where that is allowed, and no page of another origin', async () => {
    const { app } = makeKmsApp({ [unsafeAllowUnsigned]: { principal: LAB_ACCESS_KEY.principal } })
    const headers = { ...FORM, host: '127.0.0.1:4599' }
    expect((await post(app, headers, IDENTITY)).status).toBe(200)
    const foreign = await post(app, { ...headers, origin: 'https://evil.example' }, IDENTITY)
    expect([foreign.status, element(await foreign.text(), 'Code')]).toEqual([403, 'AccessDenied'])
  })
})
