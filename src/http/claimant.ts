import { parseArn } from '../core/arn.ts'
import { partitionOfRegion } from '../core/partition.ts'
import { IdentityError } from '../identity/errors.ts'
import type { IdentityDirectory, Principal } from '../identity/principal.ts'
import { toPartition } from '../identity/principal-partition.ts'
import type { Session } from '../identity/session.ts'
import { toSessionPrincipal } from '../identity/session.ts'
import type { SessionTokens } from '../identity/session-token.ts'
import { HttpError } from './errors.ts'

/** Whom credentials in a request are said to belong to, before the signature was looked at. */
export interface Claimant {
  readonly secretAccessKey: string
  /**
   * Who it is, once the signature held, as he calls the Region at the time `now`. Throws `HttpError`:
   * `SESSION_TOKEN_UNEXPECTED`, `SESSION_TOKEN_EXPIRED`, `SESSION_PARTITION_FOREIGN`, `SESSION_ROLE_UNKNOWN`.
   */
  admit(region: string, now: Date): Principal
}

/** Where credentials are looked up: those declared, and those handed out, which come with a token. */
export interface CredentialSources {
  readonly identities: IdentityDirectory
  readonly sessions: SessionTokens
}

/** What a request says about its credentials. */
interface Claim {
  readonly accessKeyId: string
  /** `x-amz-security-token`; `null` where there is none. */
  readonly token: string | null
}

/** What AWS says of credentials that it does not know, for whatever reason. */
const UNKNOWN_CLIENT = 'The security token included in the request is invalid.'
const EXPIRED = 'The security token included in the request is expired'

/**
 * Finds whose secret a request would have to be signed with; or the refusal of credentials that nobody has, to be thrown
 * once as much time has gone by as a signature takes: `ACCESS_KEY_UNKNOWN`, `SESSION_TOKEN_UNKNOWN`,
 * `SESSION_KEY_MISMATCH`.
 */
export function findClaimant(claim: Claim, sources: CredentialSources): Claimant | HttpError {
  const declared = sources.identities.findAccessKey(claim.accessKeyId)
  if (declared) {
    const { secretAccessKey, principal } = declared
    return { secretAccessKey, admit: (region) => admitDeclared(principal, claim, region) }
  }
  if (claim.token === null) return new HttpError('ACCESS_KEY_UNKNOWN', UNKNOWN_CLIENT)
  const session = openToken(claim.token, sources.sessions)
  if (session instanceof HttpError) return session
  if (session.accessKeyId !== claim.accessKeyId) return new HttpError('SESSION_KEY_MISMATCH', UNKNOWN_CLIENT)
  const { token } = claim
  return {
    secretAccessKey: session.secretAccessKey,
    admit(region, now) {
      sources.sessions.keep(token, session)
      return admitSession(session, sources.identities, { region, now })
    },
  }
}

function openToken(token: string, sessions: SessionTokens): Session | HttpError {
  try {
    return sessions.open(token)
  } catch (cause) {
    if (!(cause instanceof IdentityError)) throw cause
    return new HttpError('SESSION_TOKEN_UNKNOWN', UNKNOWN_CLIENT, { cause })
  }
}

/** Long-term credentials come without a token. */
function admitDeclared(principal: Principal, { token }: Claim, region: string): Principal {
  if (token !== null) throw new HttpError('SESSION_TOKEN_UNEXPECTED', UNKNOWN_CLIENT)
  return toPartition(principal, partitionOfRegion(region))
}

/** Credentials are good in the partition that they were made in, and while their role is the one that was assumed. */
function admitSession(
  session: Session,
  identities: IdentityDirectory,
  { region, now }: { readonly region: string; readonly now: Date },
): Principal {
  if (now.getTime() >= session.expiresAt.getTime()) throw new HttpError('SESSION_TOKEN_EXPIRED', EXPIRED)
  if (parseArn(session.roleArn)?.partition !== partitionOfRegion(region)) {
    throw new HttpError('SESSION_PARTITION_FOREIGN', UNKNOWN_CLIENT)
  }
  const role = identities.findRole(session.roleArn)
  const isSame = role?.roleId === session.roleId && !(role.since && role.since > session.issuedAt)
  if (!role || !isSame) throw new HttpError('SESSION_ROLE_UNKNOWN', UNKNOWN_CLIENT)
  return toSessionPrincipal(session, role)
}
