import type { ExpandedText } from '../template.ts'

/**
 * Tells of one value of a request whether it is one of those that a condition lists; `undefined` where it, or a listed
 * value, is of a form that cannot be compared.
 */
export type ValueTest = (actual: string) => boolean | undefined

/** A condition operator that compares values. */
export interface ValueOperator {
  readonly kind: 'value'
  /** As IAM spells it, without `ForAnyValue:`, `ForAllValues:` and `IfExists`. */
  readonly name: string
  /** Whether the condition asks that none of the values match. */
  readonly negated: boolean
  /** Whether its values may hold policy variables (IAM User Guide, Variables and tags: where you can use them). */
  readonly variables: boolean
  /** Makes the listed values ready for comparing; `undefined` if one of them is of a form that the operator cannot take. */
  readonly compile: (expected: readonly ExpandedText[]) => ValueTest | undefined
}

/** The operator that asks whether a key is there. */
export interface PresenceOperator {
  readonly kind: 'presence'
  readonly name: string
  /** Makes a test that is given whether the key is there; `undefined` as for `ValueOperator`. */
  readonly compile: (expected: readonly string[]) => ((present: boolean) => boolean) | undefined
}

/** One row of the table of operators. */
export type ConditionOperator = ValueOperator | PresenceOperator
