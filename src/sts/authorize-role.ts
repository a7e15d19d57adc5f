import { partitionOfRegion } from '../core/partition.ts'
import { parseArn } from '../core/arn.ts'
import type { Role } from '../identity/principal.ts'
import { decide } from '../operations/decide.ts'
import { recordedDecision } from '../operations/decision-notes.ts'
import type { Policy, UnreadablePolicy } from '../policy/document.ts'
import type { AssumeRoleInput } from './assume-role-input.ts'
import type { Scene } from './call.ts'
import { StsError } from './errors.ts'
import type { SessionContent } from './new-session.ts'
import { roleConditionKeys } from './role-condition-keys.ts'

/** What a caller wants of a role. */
export interface RoleRequest {
  readonly input: AssumeRoleInput
  readonly content: SessionContent
  /** What the session will have: that of the request, or of the session that makes it. */
  readonly sourceIdentity: string | null
}

/**
 * Asks the trust policy of the role and the policies of the caller whether he may assume it: `sts:AssumeRole`; with session
 * tags, own or inherited, `sts:TagSession`; with a source identity, `sts:SetSourceIdentity` (IAM User Guide, Passing session
 * tags, Monitor and control actions taken with assumed roles). A role that is not there is refused in the same words as one
 * that does not let the caller in. Throws `AccessDenied`.
 */
export function authorizeRole(scene: Scene, request: RoleRequest): Role {
  const { input, content, sourceIdentity } = request
  const role = findRole(scene, input.roleArn)
  const conditionKeys = roleConditionKeys(scene.call, role, { input, sourceIdentity })
  const permissions = [
    'sts:AssumeRole',
    ...(content.tags.length === 0 ? [] : ['sts:TagSession']),
    ...(sourceIdentity === null ? [] : ['sts:SetSourceIdentity']),
  ]
  const { policies } = scene.services
  const { principal } = scene.call.caller
  for (const permission of permissions) {
    const decision = decide(policies, {
      principal,
      permission,
      key: { arn: input.roleArn, policy: trustPolicyOf(scene, role) },
      resourceKind: 'role',
      resource: input.roleArn,
      conditionKeys,
    })
    scene.note(recordedDecision(decision, { permission, resource: input.roleArn, conditionKeys }))
    if (!role || decision.outcome !== 'allow') throw notAuthorized(principal.arn, permission, input.roleArn)
  }
  // The first permission was asked for and given, so there is one.
  return role as Role
}

/** The refusal of STS, which tells no reason (IAM User Guide, Troubleshoot IAM roles). */
export function notAuthorized(callerArn: string, permission: string, roleArn: string): StsError {
  return new StsError(
    'AccessDenied',
    `User: ${callerArn} is not authorized to perform: ${permission} on resource: ${roleArn}`,
  )
}

/** Roles are assumed inside a partition. */
function findRole({ services, call }: Scene, roleArn: string): Role | undefined {
  const own = parseArn(roleArn)?.partition === partitionOfRegion(call.caller.region)
  return own ? services.identities.findRole(roleArn) : undefined
}

/** What nobody may assume is decided like a policy that cannot be used: closed, and with the reason. */
function trustPolicyOf({ services }: Scene, role: Role | undefined): Policy | UnreadablePolicy {
  if (!role) return { unreadable: 'there is no such role' }
  if (role.trustPolicy === null) return { unreadable: 'the role has none' }
  return services.policies.read(role.trustPolicy, 'trust')
}
