import type { IdentityPolicy, Principal, PrincipalTag, Role } from './principal.ts'
import { foldTagKey } from './tag-rules.ts'

/** What `AssumeRole` handed out: temporary credentials, and everything that goes with them. */
export interface Session {
  /** `ASIA…`. */
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** The role with its path, in the partition in which the session was made. */
  readonly roleArn: string
  readonly roleId: string
  readonly sessionName: string
  readonly sourceIdentity: string | null
  /** A session policy, as JSON text. */
  readonly policy: string | null
  /** Those of the session alone: its own, and the transitive ones of the session before. */
  readonly tags: readonly PrincipalTag[]
  /** The keys of the tags that go on to the next session of a chain. */
  readonly transitiveTagKeys: readonly string[]
  readonly issuedAt: Date
  readonly expiresAt: Date
}

/** The ARN of the session of a role, which has the role's name without its path (IAM User Guide, IAM identifiers). */
export function toSessionArn({ roleArn, sessionName }: Pick<Session, 'roleArn' | 'sessionName'>): string {
  const name = roleArn.slice(roleArn.lastIndexOf('/') + 1)
  return `${roleArn.replace(/^(arn:[^:]*):iam:(.*):role\/.*$/, '$1:sts:$2')}:assumed-role/${name}/${sessionName}`
}

/** The unique id of a session, which `aws:userid` has. */
export function toSessionUserId({ roleId, sessionName }: Pick<Session, 'roleId' | 'sessionName'>): string {
  return `${roleId}:${sessionName}`
}

/** The principal of a session: what it brings along, over what its role has now. */
export function toSessionPrincipal(session: Session, role: Role): Principal {
  const { roleArn, roleId, sessionName, sourceIdentity, issuedAt, transitiveTagKeys } = session
  return {
    arn: toSessionArn(session),
    accountId: role.accountId,
    kind: 'role-session',
    userId: toSessionUserId(session),
    userName: null,
    identityPolicies: role.identityPolicies,
    permissionsBoundary: role.permissionsBoundary,
    tags: overlay(session.tags, role.tags),
    session: {
      roleArn,
      roleId,
      sessionName,
      ...(sourceIdentity !== null && { sourceIdentity }),
      issuedAt,
      policies: toPolicies(session.policy),
      transitiveTagKeys,
    },
  }
}

function toPolicies(document: string | null): readonly IdentityPolicy[] {
  return document === null ? [] : [{ name: 'of the session', document }]
}

/** Tags in order of rank: where two keys differ in case alone, the first counts. */
function overlay(first: readonly PrincipalTag[], second: readonly PrincipalTag[]): readonly PrincipalTag[] {
  if (second.length === 0) return first
  const taken = new Set(first.map(({ key }) => foldTagKey(key)))
  return [...first, ...second.filter(({ key }) => !taken.has(foldTagKey(key)))]
}
