import type { IdentityPolicy, Principal } from '../identity/principal.ts'
import type { Decision } from '../policy/decision.ts'
import type { Policy, UnreadablePolicy } from '../policy/document.ts'
import { evaluate, type NamedPolicy } from '../policy/evaluate.ts'
import type { Grant, UnreadableGrant } from '../policy/grant.ts'
import type { ResourceKind } from '../policy/resource-kind.ts'
import type { ConditionKeys } from './condition-keys.ts'
import type { PolicyReader } from './policy-reader.ts'

/** A question to the policies about one resource. */
export interface Question {
  readonly principal: Principal
  readonly permission: string
  /**
   * A key with its policy, or a role with its trust policy; `null`, where the caller's identity policies decide alone.
   */
  readonly key: { readonly arn: string; readonly policy: Policy | UnreadablePolicy } | null
  /** What `key` is; by default a key. */
  readonly resourceKind?: ResourceKind
  /** What identity policies name: the ARN of a key, an alias or a role, or `*`. */
  readonly resource: string
  readonly conditionKeys: ConditionKeys
  readonly grants?: readonly (Grant | UnreadableGrant)[]
  /** What the constraints of grants are held against. */
  readonly encryptionContext?: ReadonlyMap<string, string>
}

/** Asks the policy of the key or the role, and the caller's identity policies with what limits them: boundary and session policies. */
export function decide(policies: PolicyReader, question: Question): Decision {
  const { principal, permission, key, resourceKind = 'key', resource, conditionKeys } = question
  const { grants = [], encryptionContext = new Map<string, string>() } = question
  return evaluate({
    keyArn: key?.arn ?? null,
    keyPolicy: key?.policy ?? null,
    resourceKind,
    principal: {
      arn: principal.arn,
      account: principal.accountId,
      kind: principal.kind,
      ...(principal.session && { roleArn: principal.session.roleArn }),
    },
    action: permission,
    resource,
    identityPolicies: readAll(policies, principal.identityPolicies),
    permissionsBoundary:
      principal.permissionsBoundary && policies.read(principal.permissionsBoundary.document, 'identity'),
    sessionPolicies: readAll(policies, principal.session?.policies ?? []),
    grants,
    context: conditionKeys,
    encryptionContext,
  })
}

/** Everything of a principal that is an identity policy by its language: his own, his boundary, those of his session. */
export function identityPoliciesOf(principal: Principal): readonly IdentityPolicy[] {
  const { identityPolicies, permissionsBoundary, session } = principal
  return [
    ...identityPolicies,
    ...(permissionsBoundary ? [permissionsBoundary] : []),
    ...(session?.policies ?? []),
  ]
}

function readAll(policies: PolicyReader, list: readonly IdentityPolicy[]): readonly NamedPolicy[] {
  return list.map(({ name, document }) => ({ name, policy: policies.read(document, 'identity') }))
}
