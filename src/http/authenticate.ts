import type { Clock } from '../core/clock.ts'
import { isRegion, partitionOfRegion } from '../core/partition.ts'
import type { Random } from '../core/random.ts'
import type { AccessKey, AuthenticatedCaller, IdentityDirectory, Principal } from '../identity/principal.ts'
import { toPartition } from '../identity/principal-partition.ts'
import type { Authorization } from './authorization-header.ts'
import { parseAuthorization } from './authorization-header.ts'
import { HttpError } from './errors.ts'
import type { SigningKeyCache } from './signing-key-cache.ts'
import { createSigningKeyCache } from './signing-key-cache.ts'
import type { SigningTime } from './signing-time.ts'
import { checkSigningTime, parseSigningTime } from './signing-time.ts'
import type { SignedContent } from './sigv4.ts'
import { deriveSigningKey, hashPayload, isSignatureOver } from './sigv4.ts'
import type { UnsignedAccess } from './unsigned-caller.ts'
import { checkUnsignedRequest, unsafeAllowUnsigned } from './unsigned-caller.ts'
import type { RequestHead, WebRequest } from './web.ts'

/** The service name in the credential scope of KMS requests. */
const SERVICE = 'kms'

const WRONG_SIGNATURE =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
  'and signing method. Consult the service documentation for details.'
const UNKNOWN_CLIENT = 'The security token included in the request is invalid.'

/** What authentication needs to know of a request beside its body. */
type RequestToAuthenticate = Pick<WebRequest, 'method' | 'path' | 'header'>

/** What callers are authenticated with. `clock` is the real time, in whatever past or future documents are verified. */
export interface AuthenticationSettings {
  readonly identities: IdentityDirectory
  readonly clock: Clock
  readonly random: Random
  /** Lets requests without `Authorization` in. For lab mode. */
  readonly [unsafeAllowUnsigned]?: UnsignedAccess
}

/** Answers who sent a request, given its head and its body as received. */
export type Authenticate = (request: RequestToAuthenticate, body: Uint8Array) => AuthenticatedCaller

/**
 * Makes the function that verifies AWS Signature Version 4 (IAM User Guide, "AWS Signature Version 4 for API requests").
 * It throws `HttpError`: `AUTHENTICATION_MISSING`, `AUTHORIZATION_MALFORMED`, `SIGNING_TIME_INVALID`, `SCOPE_INVALID`,
 * `SIGNATURE_EXPIRED`, `SIGNATURE_NOT_YET_CURRENT`, `HEADER_NOT_SIGNED`, `PAYLOAD_HASH_MISMATCH`,
 * `SESSION_TOKEN_UNKNOWN`, `ACCESS_KEY_UNKNOWN`, `SIGNATURE_MISMATCH`; for unsigned requests where they are allowed,
 * `ORIGIN_FOREIGN` and `HOST_FOREIGN`.
 */
export function createAuthenticate(settings: AuthenticationSettings): Authenticate {
  const cache = createSigningKeyCache()
  const decoySecret = Buffer.from(settings.random.bytes(30)).toString('base64')
  const unsigned = settings[unsafeAllowUnsigned]
  return (request, body) => {
    const header = request.header('authorization')
    if (header === null) {
      if (!unsigned) throw new HttpError('AUTHENTICATION_MISSING', 'Missing Authentication Token')
      return toAuthenticatedCaller(unsigned.principal, null, checkUnsignedRequest(request, unsigned))
    }
    const authorization = parseAuthorization(header)
    const time = parseSigningTime(request.header('x-amz-date'), request.header('date'))
    checkScope(authorization, time)
    checkSigningTime(time, settings.clock.now())
    checkSignedHeaders(authorization, time)
    const content = {
      method: request.method,
      path: request.path,
      header: request.header,
      signedHeaders: authorization.signedHeaders,
      payloadHash: checkPayloadHash(request, body),
      time: time.text,
      scope: authorization.scope,
    }
    const { identities } = settings
    const accessKey = checkSignature(authorization, content, { identities, cache, decoySecret })
    checkSessionToken(request)
    return toAuthenticatedCaller(accessKey.principal, accessKey.accessKeyId, authorization.region)
  }
}

/** The one place that says who is authenticated, and in which Region. */
function toAuthenticatedCaller(
  principal: Principal,
  accessKeyId: string | null,
  region: string,
): AuthenticatedCaller {
  const called = toPartition(principal, partitionOfRegion(region))
  // The brand stands for the checks that every path to this line has passed.
  return { principal: called, accessKeyId, region } as AuthenticatedCaller
}

function checkScope({ region, service, scopeDate }: Authorization, time: SigningTime): void {
  const faults = [
    ...(isRegion(region) ? [] : ['Credential should be scoped to a valid region.']),
    ...(service === SERVICE ? [] : [`Credential should be scoped to correct service: '${SERVICE}'.`]),
    ...(time.text.startsWith(scopeDate)
      ? []
      : ['Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.']),
  ]
  if (faults.length > 0) throw new HttpError('SCOPE_INVALID', faults.join(' '))
}

/**
 * What decides about a request must be signed: the host, so that it cannot be sent elsewhere; the time; and the
 * target, else a signed body could be redirected to another operation. The SDKs and `curl --aws-sigv4` sign all three.
 */
function checkSignedHeaders({ signedHeaders }: Authorization, time: SigningTime): void {
  const needed = [
    ["'Host' or ':authority'", 'host'],
    [time.header === 'date' ? "'Date'" : "'X-Amz-Date'", time.header],
    ["'X-Amz-Target'", 'x-amz-target'],
  ] as const
  const missing = needed.find(([, name]) => !signedHeaders.includes(name))
  if (missing) {
    throw new HttpError(
      'HEADER_NOT_SIGNED',
      `${missing[0]} must be a 'SignedHeader' in the AWS Authorization.`,
    )
  }
}

/** A hash that the client announces must be that of the body; `UNSIGNED-PAYLOAD` is none. Answers the body's hash. */
function checkPayloadHash(request: RequestHead, body: Uint8Array): string {
  const payloadHash = hashPayload(body)
  const announced = request.header('x-amz-content-sha256')
  if (announced !== null && announced !== payloadHash) {
    throw new HttpError('PAYLOAD_HASH_MISMATCH', WRONG_SIGNATURE)
  }
  return payloadHash
}

interface SignatureCheck {
  readonly identities: IdentityDirectory
  readonly cache: SigningKeyCache
  /** Stands in for the secret of an unknown access key, so that its answer comes no sooner than that of a known one. */
  readonly decoySecret: string
}

function checkSignature(
  { accessKeyId, credential, scope, signature }: Authorization,
  content: SignedContent,
  { identities, cache, decoySecret }: SignatureCheck,
): AccessKey {
  const accessKey = identities.findAccessKey(accessKeyId)
  const kept = accessKey && cache.find(credential, accessKey)
  const signingKey = kept ?? deriveSigningKey(accessKey?.secretAccessKey ?? decoySecret, scope)
  const holds = isSignatureOver(content, signingKey, signature)
  if (!accessKey) throw new HttpError('ACCESS_KEY_UNKNOWN', UNKNOWN_CLIENT)
  if (!holds) throw new HttpError('SIGNATURE_MISMATCH', WRONG_SIGNATURE)
  if (!kept) cache.keep(credential, accessKey, signingKey)
  return accessKey
}

/** Session tokens belong to temporary credentials, and the directory holds none. */
function checkSessionToken(request: RequestHead): void {
  if (request.header('x-amz-security-token') !== null) {
    throw new HttpError('SESSION_TOKEN_UNKNOWN', UNKNOWN_CLIENT)
  }
}
