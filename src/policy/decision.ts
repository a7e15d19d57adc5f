import type { DenialClause } from './denial-clause.ts'

/** How one statement of one policy fared. */
export interface StatementTrace {
  /** `key policy`, `trust policy`; or `identity policy`, `permissions boundary`, `session policy` and its name. */
  readonly policy: string
  /** Place in that policy, from 0. */
  readonly index: number
  readonly sid: string | null
  readonly effect: 'Allow' | 'Deny'
  readonly matched: boolean
  /** The first thing that did not match, in the order principal, action, resource, conditions; `null` if all did. */
  readonly mismatch: Mismatch | null
}

/** An element of a statement that did not match, with what it names and what there was. */
export interface Mismatch {
  readonly element:
    'Principal' | 'NotPrincipal' | 'Action' | 'NotAction' | 'Resource' | 'NotResource' | 'Condition'
  /** The condition operator; `null` for other elements. */
  readonly operator: string | null
  /** The condition key; `null` for other elements. */
  readonly key: string | null
  /** What the statement names; empty where it leaves the element out. */
  readonly expected: readonly string[]
  /** What the request had; empty where it had nothing of the kind. */
  readonly actual: readonly string[]
}

/** How one grant fared. */
export interface GrantTrace {
  /** As it was given. */
  readonly name: string
  /** The first thing that did not match, in words; `null` if all did. */
  readonly mismatch: string | null
}

/** The answer to an authorization question. */
export interface Decision {
  readonly outcome: 'allow' | 'explicit-deny' | 'implicit-deny'
  /** What let the caller in; `null` for a denial. */
  readonly by: 'key-policy' | 'trust-policy' | 'identity-policy' | 'grant' | null
  /** Every statement of every policy, in order. */
  readonly statements: readonly StatementTrace[]
  /** Every grant, in order. */
  readonly grants: readonly GrantTrace[]
  /** In words, the most telling first; never empty. */
  readonly reasons: readonly string[]
  /** Which clause of the access denied text applies; `null` for `allow`. */
  readonly denial: DenialClause | null
}
