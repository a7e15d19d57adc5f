import { encodeBase64 } from '../core/base64.ts'
import { parseArn } from '../core/arn.ts'
import type { Random } from '../core/random.ts'
import type { Principal, Role } from '../identity/principal.ts'
import type { Session } from '../identity/session.ts'
import { toSessionArn, toSessionUserId } from '../identity/session.ts'
import { toBase32Characters } from '../identity/unique-id.ts'
import type { AssumeRoleInput } from './assume-role-input.ts'
import { parseAssumeRole } from './assume-role-input.ts'
import { authorizeRole, notAuthorized } from './authorize-role.ts'
import type { Members, StsAction } from './call.ts'
import { StsError } from './errors.ts'
import { toSessionContent } from './new-session.ts'

/** An hour: the length of a session that names none, and the longest of one that another session asks for. */
const HOUR_SECONDS = 3600

/**
 * Hands out temporary credentials of a role (AWS STS API Reference, AssumeRole). What can be said without the role is
 * checked first, so that who is not let in learns nothing about it.
 */
export const AssumeRole: StsAction = {
  name: 'AssumeRole',
  handle(scene) {
    const { services, call } = scene
    const { principal } = call.caller
    const input = parseAssumeRole(call.form)
    refuseNoRole(input)
    refuseCaller(principal, input)
    const content = toSessionContent(input, principal)
    const sourceIdentity = sourceIdentityOf(principal, input)
    const role = authorizeRole(scene, { input, content, sourceIdentity })
    const seconds = input.durationSeconds ?? HOUR_SECONDS
    refuseTooLong(seconds, role)
    const session: Session = {
      ...makeCredentials(services.random),
      roleArn: input.roleArn,
      roleId: role.roleId,
      sessionName: input.roleSessionName,
      sourceIdentity,
      policy: content.policy,
      tags: content.tags,
      transitiveTagKeys: content.transitiveTagKeys,
      issuedAt: call.receivedAt,
      // Whole seconds, as the answer tells it.
      expiresAt: new Date((Math.floor(call.receivedAt.getTime() / 1000) + seconds) * 1000),
    }
    return toMembers(session, services.sessions.seal(session), content.packedPolicySize)
  },
}

function refuseNoRole({ roleArn }: AssumeRoleInput): void {
  const arn = parseArn(roleArn)
  const isRole = arn?.service === 'iam' && arn.region === '' && arn.resource.startsWith('role/')
  if (!isRole || !/^\d{12}$/.test(arn.accountId))
    throw new StsError('ValidationError', `${roleArn} is invalid`)
}

function refuseCaller({ kind, session }: Principal, input: AssumeRoleInput): void {
  if (kind === 'root') throw new StsError('AccessDenied', 'Roles may not be assumed by root accounts.')
  if (input.withSecondFactor) {
    throw new StsError('AccessDenied', 'MultiFactorAuthentication failed: nobody here has an MFA device.')
  }
  if (session && (input.durationSeconds ?? 0) > HOUR_SECONDS) {
    throw new StsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    )
  }
}

/** Once it is set, a source identity stays through a whole chain of sessions (IAM User Guide, Source identity). */
function sourceIdentityOf({ arn, session }: Principal, input: AssumeRoleInput): string | null {
  const inherited = session?.sourceIdentity
  const asked = input.sourceIdentity ?? inherited ?? null
  if (inherited === undefined || inherited === asked) return asked
  throw notAuthorized(arn, 'sts:SetSourceIdentity', input.roleArn)
}

function refuseTooLong(seconds: number, role: Role): void {
  if (seconds <= role.maxSessionSeconds) return
  throw new StsError(
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  )
}

/** Forms as STS makes them: `ASIA` and 16 characters, a secret of 40 (30 random bytes). */
function makeCredentials(random: Random): Pick<Session, 'accessKeyId' | 'secretAccessKey'> {
  return {
    accessKeyId: `ASIA${toBase32Characters(random.bytes(16))}`,
    secretAccessKey: encodeBase64(random.bytes(30)),
  }
}

function toMembers(session: Session, token: string, packedPolicySize: number | null): Members {
  const { accessKeyId, secretAccessKey, sourceIdentity, expiresAt } = session
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: token,
      Expiration: `${expiresAt.toISOString().slice(0, 19)}Z`,
    },
    AssumedRoleUser: { AssumedRoleId: toSessionUserId(session), Arn: toSessionArn(session) },
    ...(packedPolicySize !== null && { PackedPolicySize: `${packedPolicySize}` }),
    ...(sourceIdentity !== null && { SourceIdentity: sourceIdentity }),
  }
}
