import type { Decision } from './decision.ts'
import type { PolicyKind } from './statement.ts'

/** What a question is about: a key with its key policy, or a role with its trust policy. */
export type ResourceKind = 'key' | 'role'

/** What sets one kind of resource apart from the other. */
export interface ResourceKindRow {
  /** The service in its ARN. */
  readonly service: string
  readonly policyKind: PolicyKind
  /** What a decision says when its policy let the caller in. */
  readonly by: NonNullable<Decision['by']>
  /** For people: the resource, and its policy. */
  readonly name: string
  readonly policyName: string
}

/** Each kind of resource. Both have the same rules: their policy lets in, or lets identity policies decide. */
export const RESOURCE_KINDS: Readonly<Record<ResourceKind, ResourceKindRow>> = {
  key: { service: 'kms', policyKind: 'key', by: 'key-policy', name: 'key', policyName: 'key policy' },
  role: { service: 'iam', policyKind: 'trust', by: 'trust-policy', name: 'role', policyName: 'trust policy' },
}
