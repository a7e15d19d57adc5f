import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../src/core/random.ts'
import type { AuthenticationSettings } from '../../src/http/authenticate.ts'
import { createAuthenticate } from '../../src/http/authenticate.ts'
import { unsafeAllowUnsigned } from '../../src/http/unsigned-caller.ts'
import { createDirectory } from '../../src/identity/directory.ts'
import { LAB_ACCESS_KEY } from '../../src/identity/lab-identity.ts'
import type { RequestToSign } from './an-app.ts'
import { makeSessionTokens, NOW, signedHeaders } from './an-app.ts'

const WRONG =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'
const UNKNOWN = 'The security token included in the request is invalid.'

const settings: AuthenticationSettings = {
  identities: createDirectory([LAB_ACCESS_KEY], []),
  sessions: makeSessionTokens(),
  clock: { now: () => NOW },
  random: systemRandom,
}
const authenticate = createAuthenticate(settings, 'kms')

interface Sent {
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly path?: string
  readonly method?: string
}

function send(
  { headers, body = '{}', path = '/', method = 'POST' }: Sent,
  by = authenticate,
): ReturnType<typeof by> {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  return by({ method, path, header: (name) => headers[name] ?? null }, bytes)
}

function refusal(code: string, text?: string): unknown {
  return expect.objectContaining(text === undefined ? { code } : { code, text })
}

/** Takes a signed header out of the list, and signs what is left the way the signer would have. */
async function signedWithout(name: string): Promise<Record<string, string>> {
  const { [name]: left, ...headers } = await signedHeaders()
  const authorization =
    headers['authorization']?.replace(new RegExp(`;?${name}(?=[;,])`), '').replace('=;', '=') ?? ''
  return { ...headers, authorization, ...(left !== undefined && { [name]: left }) }
}

describe('authenticate', () => {
  it('takes what the SDK signer signs, and answers user, access key and Region', async () => {
    const caller = send({ headers: await signedHeaders({ region: 'eu-west-1' }) })
    expect(caller).toEqual({
      principal: LAB_ACCESS_KEY.principal,
      accessKeyId: 'AKIALAB0000000000000',
      region: 'eu-west-1',
    })
  })

  it('names the caller in the partition of the Region', async () => {
    const caller = send({ headers: await signedHeaders({ region: 'us-gov-west-1' }) })
    expect(caller.principal.arn).toBe('arn:aws-us-gov:iam::111122223333:user/lab')
  })

  it('takes the same request again with the signing key that was kept', async () => {
    const headers = await signedHeaders()
    const own = createAuthenticate(settings, 'kms')
    expect([send({ headers }, own).region, send({ headers }, own).region]).toEqual(['us-east-1', 'us-east-1'])
  })

  it('refuses the old secret once the access key has a new one, though a signing key was kept', async () => {
    let secretAccessKey = LAB_ACCESS_KEY.secretAccessKey
    const findAccessKey = (): typeof LAB_ACCESS_KEY => ({ ...LAB_ACCESS_KEY, secretAccessKey })
    const own = createAuthenticate(
      { ...settings, identities: { ...settings.identities, findAccessKey } },
      'kms',
    )
    const headers = await signedHeaders()
    send({ headers }, own)
    secretAccessKey = 'another'
    expect(() => send({ headers }, own)).toThrow(refusal('SIGNATURE_MISMATCH'))
    const renewed = await signedHeaders({ secretAccessKey: 'another' })
    expect(send({ headers: renewed }, own).accessKeyId).toBe('AKIALAB0000000000000')
  })

  it('takes a body hash that is announced and right', async () => {
    const hash = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' // printf '{}' | sha256sum
    const headers = await signedHeaders({ headers: { 'x-amz-content-sha256': hash } })
    expect(send({ headers }).region).toBe('us-east-1')
  })

  it('takes signed headers with spaces inside and a value beyond ASCII', async () => {
    const headers = await signedHeaders({ headers: { 'x-note': 'two  spaces', 'x-other': 'grün' } })
    const received = { ...headers, 'x-other': Buffer.from('grün').toString('latin1') }
    expect(send({ headers: received }).region).toBe('us-east-1')
  })

  const SIGNED_OTHERWISE: readonly { title: string; request: RequestToSign; code: string; text?: string }[] =
    [
      {
        title: 'an unknown access key',
        request: { accessKeyId: 'AKIAUNKNOWN000000000' },
        code: 'ACCESS_KEY_UNKNOWN',
        text: UNKNOWN,
      },
      {
        title: 'a wrong secret',
        request: { secretAccessKey: 'wrong' },
        code: 'SIGNATURE_MISMATCH',
        text: WRONG,
      },
      {
        title: 'a session token with the access key of a user',
        request: { headers: { 'x-amz-security-token': 'FQoGZXIvYXdzE' } },
        code: 'SESSION_TOKEN_UNEXPECTED',
        text: UNKNOWN,
      },
      {
        title: 'a time 301 seconds ago',
        request: { at: new Date(NOW.getTime() - 301_000) },
        code: 'SIGNATURE_EXPIRED',
        text: 'Signature expired: 20260301T115459Z is now earlier than 20260301T115500Z (20260301T120000Z - 5 min.)',
      },
      {
        title: 'a time 301 seconds ahead',
        request: { at: new Date(NOW.getTime() + 301_000) },
        code: 'SIGNATURE_NOT_YET_CURRENT',
        text: 'Signature not yet current: 20260301T120501Z is still later than 20260301T120500Z (20260301T120000Z + 5 min.)',
      },
      {
        title: 'another service',
        request: { service: 'sts' },
        code: 'SCOPE_INVALID',
        text: "Credential should be scoped to correct service: 'kms'.",
      },
      {
        title: 'a Region of another form',
        request: { region: 'US-EAST-1' },
        code: 'SCOPE_INVALID',
        text: 'Credential should be scoped to a valid region.',
      },
      {
        title: 'an unsigned payload',
        request: { headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } },
        code: 'PAYLOAD_HASH_MISMATCH',
        text: WRONG,
      },
    ]
  it.each(SIGNED_OTHERWISE)('refuses $title with $code', async ({ request, code, text }) => {
    const headers = await signedHeaders(request)
    expect(() => send({ headers })).toThrow(refusal(code, text))
  })

  it.each([-300, 300])('takes a time %i seconds from now', async (offset) => {
    const headers = await signedHeaders({ at: new Date(NOW.getTime() + offset * 1000) })
    expect(send({ headers }).region).toBe('us-east-1')
  })

  const CHANGES: readonly { title: string; change: (headers: Record<string, string>) => Sent }[] = [
    { title: 'another body', change: (headers) => ({ headers, body: '{ }' }) },
    { title: 'no body', change: (headers) => ({ headers, body: '' }) },
    { title: 'another path', change: (headers) => ({ headers, path: '/other' }) },
    { title: 'another method', change: (headers) => ({ headers, method: 'PUT' }) },
    ...['host', 'x-amz-target', 'content-type'].map((name) => ({
      title: `another ${name}`,
      change: (headers: Record<string, string>) => ({ headers: { ...headers, [name]: `${headers[name]}x` } }),
    })),
    {
      title: 'a signed header taken away',
      change: ({ 'content-type': _left, ...headers }) => ({ headers }),
    },
    {
      title: 'another time',
      change: (headers) => ({ headers: { ...headers, 'x-amz-date': '20260301T120001Z' } }),
    },
    {
      title: 'the scope of another Region',
      change: (headers) => ({
        headers: {
          ...headers,
          authorization: headers['authorization']?.replace('us-east-1', 'us-east-2') ?? '',
        },
      }),
    },
  ]
  it.each(CHANGES)('refuses a signature sent with $title with SIGNATURE_MISMATCH', async ({ change }) => {
    const headers = await signedHeaders()
    expect(() => send(change(headers))).toThrow(refusal('SIGNATURE_MISMATCH', WRONG))
  })

  it('refuses a scope of another day with SCOPE_INVALID', async () => {
    const headers = await signedHeaders()
    const authorization = headers['authorization']?.replace('/20260301/', '/20260302/') ?? ''
    expect(() => send({ headers: { ...headers, authorization } })).toThrow(
      refusal(
        'SCOPE_INVALID',
        'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.',
      ),
    )
  })

  it.each([
    ['host', "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."],
    ['x-amz-date', "'X-Amz-Date' must be a 'SignedHeader' in the AWS Authorization."],
    ['x-amz-target', "'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization."],
  ])('refuses a signature that leaves out %s with HEADER_NOT_SIGNED', async (name, text) => {
    const headers = await signedWithout(name)
    expect(headers['authorization']).not.toContain(name)
    expect(() => send({ headers })).toThrow(refusal('HEADER_NOT_SIGNED', text))
  })

  it('takes the same request again while its time is in the window, and not behind it', async () => {
    let now = NOW
    const own = createAuthenticate({ ...settings, clock: { now: () => now } }, 'kms')
    const headers = await signedHeaders()
    expect(send({ headers }, own)).toEqual(send({ headers }, own))
    now = new Date(NOW.getTime() + 300_000)
    expect(send({ headers }, own).region).toBe('us-east-1')
    now = new Date(NOW.getTime() + 301_000)
    expect(() => send({ headers }, own)).toThrow(refusal('SIGNATURE_EXPIRED'))
  })

  it('refuses a body with the signature of another one', async () => {
    const [first, second] = [
      await signedHeaders({ body: '{"a":1}' }),
      await signedHeaders({ body: '{"a":2}' }),
    ]
    expect(send({ headers: first, body: '{"a":1}' }).region).toBe('us-east-1')
    expect(() => send({ headers: second, body: '{"a":1}' })).toThrow(refusal('SIGNATURE_MISMATCH', WRONG))
  })

  it('refuses the hash of another body, though it was signed', async () => {
    const other = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a' // printf '{}' | sha256sum
    const headers = await signedHeaders({ headers: { 'x-amz-content-sha256': other }, body: '{}' })
    expect(() => send({ headers, body: '{"a":1}' })).toThrow(refusal('PAYLOAD_HASH_MISMATCH', WRONG))
  })

  it.each([
    ['Authorization', 'authorization', 'AUTHORIZATION_MALFORMED'],
    ['X-Amz-Date', 'x-amz-date', 'SIGNING_TIME_INVALID'],
    ['Host', 'host', 'SIGNATURE_MISMATCH'],
    ['X-Amz-Target', 'x-amz-target', 'SIGNATURE_MISMATCH'],
  ])('refuses a request whose %s came twice with the code', async (_, name, code) => {
    const headers = await signedHeaders()
    const twice = `${headers[name]},${headers[name]}`
    expect(() => send({ headers: { ...headers, [name]: twice } })).toThrow(refusal(code))
  })

  it.each(['20260301T120000', '2026-03-01T12:00:00Z', '20260230T120000Z', '', 'now'])(
    'refuses a signature of the time %j with SIGNING_TIME_INVALID, in the words of AWS',
    async (time) => {
      const headers = { ...(await signedHeaders()), 'x-amz-date': time }
      expect(() => send({ headers })).toThrow(
        refusal(
          'SIGNING_TIME_INVALID',
          "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
        ),
      )
    },
  )

  it('refuses a signature of no time with SIGNING_TIME_INVALID', async () => {
    const { 'x-amz-date': _left, ...headers } = await signedHeaders()
    expect(() => send({ headers })).toThrow(refusal('SIGNING_TIME_INVALID'))
  })

  it('refuses a request without Authorization with AUTHENTICATION_MISSING', () => {
    expect(() => send({ headers: {} })).toThrow(
      refusal('AUTHENTICATION_MISSING', 'Missing Authentication Token'),
    )
  })
})

describe('authenticate, where unsigned requests are allowed', () => {
  const { principal } = LAB_ACCESS_KEY
  const open = createAuthenticate(
    {
      ...settings,
      [unsafeAllowUnsigned]: { principal, ownNames: ['kms.lab'] },
    },
    'kms',
  )

  it.each([
    ['127.0.0.1:4599', 'us-east-1'],
    ['localhost', 'us-east-1'],
    ['[::1]:4599', 'us-east-1'],
    ['KMS.lab:4599', 'us-east-1'],
    ['kms.eu-west-1.amazonaws.com', 'eu-west-1'],
    ['kms-fips.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    ['kms.eu-central-1.api.aws', 'eu-central-1'],
  ])('lets a request to %s in as the lab user in %s', (host, region) => {
    const caller = send({ headers: { host } }, open)
    expect(caller).toMatchObject({ accessKeyId: null, region, principal: { accountId: '111122223333' } })
  })

  it.each([
    'evil.example',
    'kms.us-east-1.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    '',
    'a b',
    '[::2]',
  ])('refuses a request to %j with HOST_FOREIGN', (host) => {
    expect(() => send({ headers: { host } }, open)).toThrow(refusal('HOST_FOREIGN'))
  })

  it.each(['null', 'http://127.0.0.1:4599'])(
    'refuses a request from a page of %s with ORIGIN_FOREIGN',
    (origin) => {
      expect(() => send({ headers: { host: 'localhost', origin } }, open)).toThrow(refusal('ORIGIN_FOREIGN'))
    },
  )

  it('still verifies a signature that is there', async () => {
    const headers = await signedHeaders({ secretAccessKey: 'wrong' })
    expect(() => send({ headers }, open)).toThrow(refusal('SIGNATURE_MISMATCH'))
  })
})
