import type { Clock } from '../core/clock.ts'
import { isRegion, partitionOfRegion } from '../core/partition.ts'
import type { Random } from '../core/random.ts'
import type { AuthenticatedCaller, Principal } from '../identity/principal.ts'
import { toPartition } from '../identity/principal-partition.ts'
import type { Authorization } from './authorization-header.ts'
import { parseAuthorization } from './authorization-header.ts'
import type { Claimant, CredentialSources } from './claimant.ts'
import { findClaimant } from './claimant.ts'
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

/** The service name in a credential scope: each service takes requests that were signed for it, and no others. */
export type SignedService = 'kms' | 'sts'

const WRONG_SIGNATURE =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
  'and signing method. Consult the service documentation for details.'

/** What authentication needs to know of a request beside its body. */
type RequestToAuthenticate = Pick<WebRequest, 'method' | 'path' | 'header'>

/** What callers are authenticated with. `clock` is the real time, in whatever past or future documents are verified. */
export interface AuthenticationSettings extends CredentialSources {
  readonly clock: Clock
  readonly random: Random
  /** Lets requests without `Authorization` in. For lab mode. */
  readonly [unsafeAllowUnsigned]?: UnsignedAccess
}

/** Answers who sent a request, given its head and its body as received. */
export type Authenticate = (request: RequestToAuthenticate, body: Uint8Array) => AuthenticatedCaller

/**
 * Makes the function that verifies AWS Signature Version 4 (IAM User Guide, "AWS Signature Version 4 for API requests")
 * of requests to one service. It throws `HttpError`: `AUTHENTICATION_MISSING`, `AUTHORIZATION_MALFORMED`,
 * `SIGNING_TIME_INVALID`, `SCOPE_INVALID`, `SIGNATURE_EXPIRED`, `SIGNATURE_NOT_YET_CURRENT`, `HEADER_NOT_SIGNED`,
 * `PAYLOAD_HASH_MISMATCH`, those of `findClaimant`, `SIGNATURE_MISMATCH`, those of `Claimant.admit`; for unsigned requests
 * where they are allowed, `ORIGIN_FOREIGN` and `HOST_FOREIGN`.
 *
 * The same request sent again while its time of signing is in the window is the same request, as at AWS: it is answered
 * again. Another body, target or time under its signature is refused.
 */
export function createAuthenticate(settings: AuthenticationSettings, service: SignedService): Authenticate {
  const cache = createSigningKeyCache()
  const decoySecret = Buffer.from(settings.random.bytes(30)).toString('base64')
  const unsigned = settings[unsafeAllowUnsigned]
  return (request, body) => {
    const header = request.header('authorization')
    if (header === null) {
      if (!unsigned) throw new HttpError('AUTHENTICATION_MISSING', 'Missing Authentication Token')
      const region = checkUnsignedRequest(request, unsigned)
      return toAuthenticatedCaller(toPartition(unsigned.principal, partitionOfRegion(region)), null, region)
    }
    const authorization = parseAuthorization(header)
    const time = parseSigningTime(request.header('x-amz-date'), request.header('date'))
    const now = settings.clock.now()
    const { accessKeyId, region } = authorization
    const token = request.header('x-amz-security-token')
    checkScope(authorization, time, service)
    checkSigningTime(time, now)
    checkSignedHeaders(authorization, [
      ...NEEDED[service],
      ...(token === null ? [] : [TOKEN]),
      timeHeader(time),
    ])
    const content = {
      method: request.method,
      path: request.path,
      header: request.header,
      signedHeaders: authorization.signedHeaders,
      payloadHash: checkPayloadHash(request, body),
      time: time.text,
      scope: authorization.scope,
    }
    const found = findClaimant({ accessKeyId, token }, settings)
    const claimant = checkSignature(authorization, content, { claimant: found, cache, decoySecret })
    return toAuthenticatedCaller(claimant.admit(region, now), accessKeyId, region)
  }
}

/** The one place that says who is authenticated, and in which Region. */
function toAuthenticatedCaller(
  principal: Principal,
  accessKeyId: string | null,
  region: string,
): AuthenticatedCaller {
  // The brand stands for the checks that every path to this line has passed.
  return { principal, accessKeyId, region } as AuthenticatedCaller
}

function checkScope(
  { region, service, scopeDate }: Authorization,
  time: SigningTime,
  wanted: SignedService,
): void {
  const faults = [
    ...(isRegion(region) ? [] : ['Credential should be scoped to a valid region.']),
    ...(service === wanted ? [] : [`Credential should be scoped to correct service: '${wanted}'.`]),
    ...(time.text.startsWith(scopeDate)
      ? []
      : ['Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.']),
  ]
  if (faults.length > 0) throw new HttpError('SCOPE_INVALID', faults.join(' '))
}

/** A header that must be signed: its name in the text of a refusal, and in the list. */
type NeededHeader = readonly [shown: string, name: string]

const HOST: NeededHeader = ["'Host' or ':authority'", 'host']
/** Else credentials could be exchanged for others with the same access key. */
const TOKEN: NeededHeader = ["'X-Amz-Security-Token'", 'x-amz-security-token']

/**
 * What decides about a request must be signed: the host, so that it cannot be sent elsewhere; the time; the session token;
 * and the target, else a signed body could be redirected to another operation. The SDKs and `curl --aws-sigv4` sign all of
 * them. The action of an STS request stands in its body, and its content type says nothing more.
 */
const NEEDED: Readonly<Record<SignedService, readonly NeededHeader[]>> = {
  kms: [HOST, ["'X-Amz-Target'", 'x-amz-target']],
  sts: [HOST],
}

function timeHeader({ header }: SigningTime): NeededHeader {
  return [header === 'date' ? "'Date'" : "'X-Amz-Date'", header]
}

function checkSignedHeaders({ signedHeaders }: Authorization, needed: readonly NeededHeader[]): void {
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
  /** Or the refusal of credentials that nobody has. */
  readonly claimant: Claimant | HttpError
  readonly cache: SigningKeyCache
  /** Stands in for the secret of an unknown access key, so that its answer comes no sooner than that of a known one. */
  readonly decoySecret: string
}

function checkSignature(
  { credential, scope, signature }: Authorization,
  content: SignedContent,
  { claimant, cache, decoySecret }: SignatureCheck,
): Claimant {
  const known = claimant instanceof HttpError ? null : claimant
  const kept = known && cache.find(credential, known.secretAccessKey)
  const signingKey = kept ?? deriveSigningKey(known?.secretAccessKey ?? decoySecret, scope)
  const holds = isSignatureOver(content, signingKey, signature)
  if (claimant instanceof HttpError) throw claimant
  if (!holds) throw new HttpError('SIGNATURE_MISMATCH', WRONG_SIGNATURE)
  if (!kept) cache.keep(credential, claimant.secretAccessKey, signingKey)
  return claimant
}
