import type { JsonObject } from '../core/json.ts'
import type { Severity } from './rule.ts'
import type { RuleId } from './rules.ts'

/** Something that is wrong with a policy, or a way round the attestation it asks for. */
export interface Finding {
  readonly rule: RuleId
  readonly severity: Severity
  /** `null` where it is about the policy as a whole. */
  readonly statement: { readonly index: number; readonly sid: string | null } | null
  /** Names of members from the statement, or the policy, down to what it is about; empty for the whole of it. */
  readonly path: readonly string[]
  /** In plain words, in whole sentences. */
  readonly message: string
  /** Calls that the evaluator allows, in the order in which they are made; empty where nothing gets through. */
  readonly calls: readonly ProvenCall[]
  readonly repair: Repair
}

/** A call that the evaluator allows, and why. */
export interface ProvenCall {
  /** What comes with it in the way of attestation, in words. */
  readonly document: string
  /**
   * The case as `policy evaluate` takes it, without the policy that was looked at: that is its `keyPolicy`, unless it
   * has one, or, of an identity policy, the last of its `identityPolicies`.
   */
  readonly case: CallCase
  readonly by: 'key-policy' | 'identity-policy' | 'grant'
  /** The first reason of the evaluator. */
  readonly reason: string
}

/** An authorization case that can be written as JSON. */
export interface CallCase {
  readonly keyArn: string
  /** Only where it is another than the one that was looked at. */
  readonly keyPolicy?: JsonObject
  readonly principal: {
    readonly arn: string
    readonly account: string
    readonly kind: 'user' | 'role-session' | 'root'
    readonly roleArn?: string
  }
  readonly action: string
  readonly identityPolicies: readonly JsonObject[]
  readonly grants: readonly JsonObject[]
  /** The condition keys that the policy asks for, and these alone. */
  readonly context: Readonly<Record<string, string | readonly string[]>>
}

/** What to change. */
export interface Repair {
  readonly text: string
  /** `null` where the change is for people to make. */
  readonly change: PolicyChange | null
  /** Whether the evaluator denies the call, or one of several that follow one another, once the change is made. */
  readonly proved: boolean
}

/** A change of one statement. */
export type PolicyChange =
  | { readonly kind: 'replace-statement'; readonly index: number; readonly statement: JsonObject }
  | { readonly kind: 'split-statement'; readonly index: number; readonly statements: readonly JsonObject[] }
  | { readonly kind: 'add-statement'; readonly statement: JsonObject }
