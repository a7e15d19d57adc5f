import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../src/core/random.ts'
import type { AuthenticationSettings } from '../../src/http/authenticate.ts'
import { createAuthenticate } from '../../src/http/authenticate.ts'
import { createDirectory } from '../../src/identity/directory.ts'
import { LAB_ACCESS_KEY } from '../../src/identity/lab-identity.ts'
import type { Role } from '../../src/identity/principal.ts'
import { toRole } from '../../src/identity/role.ts'
import type { Session } from '../../src/identity/session.ts'
import { makeSession } from '../identity/a-session.ts'
import type { RequestToSign } from './an-app.ts'
import { makeSessionTokens, NOW, signedHeaders } from './an-app.ts'

const INVALID = 'The security token included in the request is invalid.'
const EXPIRED = 'The security token included in the request is expired'
const WRONG = expect.stringContaining('The request signature we calculated does not match')

const role = toRole({
  accountId: '111122223333',
  name: 'host',
  path: '/team/',
  trustPolicy: null,
  identityPolicies: [{ name: 'policies[0]', document: '{}' }],
  permissionsBoundary: null,
  tags: [{ key: 'Stage', value: 'prod' }],
  maxSessionSeconds: 3600,
})
const sessions = makeSessionTokens()

function makeSettings(roles: readonly Role[] = [role], now = NOW): AuthenticationSettings {
  return {
    identities: createDirectory([LAB_ACCESS_KEY], [], roles),
    sessions,
    clock: { now: () => now },
    random: systemRandom,
  }
}

/** A session of the role, an hour long from the time at which these tests live. */
function newSession(changes: Partial<Session> = {}): Session {
  return makeSession({ roleId: role.roleId, ...changes })
}

/** A request signed with the credentials of a session. */
function requestOf(session: Session, changes: RequestToSign = {}): RequestToSign {
  const { accessKeyId, secretAccessKey } = session
  return { accessKeyId, secretAccessKey, sessionToken: sessions.seal(session), ...changes }
}

async function send(request: RequestToSign, settings = makeSettings(), service: 'kms' | 'sts' = 'kms') {
  return sendHeaders(await signedHeaders(request), settings, service)
}

function sendHeaders(
  headers: Record<string, string>,
  settings = makeSettings(),
  service: 'kms' | 'sts' = 'kms',
) {
  const authenticate = createAuthenticate(settings, service)
  return authenticate(
    { method: 'POST', path: '/', header: (name) => headers[name] ?? null },
    Buffer.from('{}'),
  )
}

const refusal = (code: string, text: unknown): unknown => expect.objectContaining({ code, text })

describe('temporary credentials', () => {
  it('make a caller of the session, with what the role has now', async () => {
    const session = newSession({ tags: [{ key: 'team', value: 'red' }] })
    expect(await send(requestOf(session))).toMatchObject({
      principal: {
        arn: 'arn:aws:sts::111122223333:assumed-role/host/session@1',
        kind: 'role-session',
        identityPolicies: role.identityPolicies,
        tags: [
          { key: 'team', value: 'red' },
          { key: 'Stage', value: 'prod' },
        ],
      },
      accessKeyId: session.accessKeyId,
      region: 'us-east-1',
    })
    const changed = { ...role, tags: [], identityPolicies: [] }
    expect(await send(requestOf(session), makeSettings([changed]))).toMatchObject({
      principal: { identityPolicies: [], tags: [{ key: 'team', value: 'red' }] },
    })
  })

  it('are taken to the second before they end, and refused from then on', async () => {
    const session = newSession()
    const last = new Date(session.expiresAt.getTime() - 1)
    expect(await send(requestOf(session, { at: last }), makeSettings([role], last))).toBeDefined()
    const at = session.expiresAt
    await expect(send(requestOf(session, { at }), makeSettings([role], at))).rejects.toThrow(
      refusal('SESSION_TOKEN_EXPIRED', EXPIRED),
    )
  })

  it('are taken again and again, with the token and the signing key that were kept', async () => {
    const headers = await signedHeaders(requestOf(newSession()))
    const authenticate = createAuthenticate(makeSettings(), 'kms')
    const request = { method: 'POST', path: '/', header: (name: string) => headers[name] ?? null }
    const [first, second] = [
      authenticate(request, Buffer.from('{}')),
      authenticate(request, Buffer.from('{}')),
    ]
    expect(second).toEqual(first)
  })

  const other = newSession({ accessKeyId: 'ASIAOTHER00000000000', secretAccessKey: 'another-secret' })
  it.each<[string, RequestToSign, string, unknown]>([
    ['without a token', { accessKeyId: newSession().accessKeyId }, 'ACCESS_KEY_UNKNOWN', INVALID],
    [
      'with another secret',
      requestOf(newSession(), { secretAccessKey: 'wrong' }),
      'SIGNATURE_MISMATCH',
      WRONG,
    ],
    [
      'with the token of others',
      { ...requestOf(newSession()), sessionToken: sessions.seal(other) },
      'SESSION_KEY_MISMATCH',
      INVALID,
    ],
    [
      'with a token that nobody made',
      requestOf(newSession(), { sessionToken: 'FQoGZXIvYXdzE' }),
      'SESSION_TOKEN_UNKNOWN',
      INVALID,
    ],
    [
      'with a token of another service',
      requestOf(newSession(), { sessionToken: makeSessionTokens().seal(newSession()) }),
      'SESSION_TOKEN_UNKNOWN',
      INVALID,
    ],
    [
      'with an empty token',
      { ...requestOf(newSession()), sessionToken: '', headers: { 'x-amz-security-token': '' } },
      'SESSION_TOKEN_UNKNOWN',
      INVALID,
    ],
    [
      'in another partition',
      requestOf(newSession(), { region: 'us-gov-west-1' }),
      'SESSION_PARTITION_FOREIGN',
      INVALID,
    ],
  ])('are refused %s', async (_, request, code, text) => {
    await expect(send(request)).rejects.toThrow(refusal(code, text))
  })

  it.each<[string, readonly Role[]]>([
    ['is gone', []],
    ['has another path', [{ ...role, arn: role.arn.replace('/team/', '/') }]],
    ['was put back later', [{ ...role, since: new Date(NOW.getTime() + 1) }]],
    ['is another one', [{ ...role, roleId: 'AROAOTHER000000000000' }]],
  ])('are refused once their role %s', async (_, roles) => {
    await expect(send(requestOf(newSession()), makeSettings(roles))).rejects.toThrow(
      refusal('SESSION_ROLE_UNKNOWN', INVALID),
    )
  })

  it('are taken if their role was declared before them', async () => {
    const roles = [{ ...role, since: NOW }]
    expect(await send(requestOf(newSession()), makeSettings(roles))).toBeDefined()
  })

  it('whose time is up say so to nobody without the secret', async () => {
    const at = newSession().expiresAt
    const request = requestOf(newSession(), { at, secretAccessKey: 'wrong' })
    await expect(send(request, makeSettings([role], at))).rejects.toThrow(
      refusal('SIGNATURE_MISMATCH', WRONG),
    )
  })
})

describe('a session token', () => {
  it('must be signed', async () => {
    const { 'x-amz-security-token': token = '', ...headers } = await signedHeaders({
      ...requestOf(newSession()),
      sessionToken: '',
    })
    expect(token).toBe('')
    const added = { ...headers, 'x-amz-security-token': sessions.seal(newSession()) }
    expect(() => sendHeaders(added)).toThrow(
      refusal(
        'HEADER_NOT_SIGNED',
        "'X-Amz-Security-Token' must be a 'SignedHeader' in the AWS Authorization.",
      ),
    )
  })

  it('exchanged for another one of the same session breaks the signature', async () => {
    const headers = await signedHeaders(requestOf(newSession()))
    const exchanged = { ...headers, 'x-amz-security-token': sessions.seal(newSession({ tags: [] })) }
    expect(() => sendHeaders(exchanged)).toThrow(refusal('SIGNATURE_MISMATCH', WRONG))
  })

  it('taken away breaks the credentials', async () => {
    const { 'x-amz-security-token': _token, ...headers } = await signedHeaders(requestOf(newSession()))
    expect(() => sendHeaders(headers)).toThrow(refusal('ACCESS_KEY_UNKNOWN', INVALID))
  })

  it('is refused with the credentials of a user', async () => {
    await expect(send({ sessionToken: sessions.seal(newSession()) })).rejects.toThrow(
      refusal('SESSION_TOKEN_UNEXPECTED', INVALID),
    )
  })
})

describe('the service of a scope', () => {
  const scoped = (service: string): string => `Credential should be scoped to correct service: '${service}'.`

  it.each([
    ['kms', 'sts'],
    ['sts', 'kms'],
  ] as const)('is %s, and a request signed for %s is refused', async (service, signedFor) => {
    expect(await send({ service }, makeSettings(), service)).toBeDefined()
    await expect(send({ service: signedFor }, makeSettings(), service)).rejects.toThrow(
      refusal('SCOPE_INVALID', scoped(service)),
    )
  })
})
