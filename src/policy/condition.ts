import type { ConditionContext } from './condition-context.ts'
import type { OperatorForm } from './conditions/operator-table.ts'

/** One key under one operator of a `Condition` block; all of them must hold. */
export interface Condition {
  /** As it was written, such as `ForAnyValue:StringLike`. */
  readonly operator: string
  /** As it was written. */
  readonly key: string
  /** The key as `ConditionContext` holds it. */
  readonly foldedKey: string
  /** As they were written; numbers and truth values as JSON writes them. */
  readonly expected: readonly string[]
  /** Keys whose values stand in `expected` as policy variables, as `ConditionContext` holds them. */
  readonly variables: readonly string[]
  readonly quantifier: OperatorForm['quantifier']
  readonly ifExists: boolean
  readonly test: ConditionTest
}

/** What a condition does with its key: look at its values, or at whether it is there. */
export type ConditionTest =
  | { readonly kind: 'value'; readonly negated: boolean; readonly matches: ContextTest }
  | { readonly kind: 'presence'; readonly matches: (present: boolean) => boolean }

/** Whether a value is one of those listed, once variables have their values; `undefined` where the two cannot be compared. */
export type ContextTest = (actual: string, context: ConditionContext) => boolean | undefined

/**
 * Whether a condition holds (IAM User Guide, Condition operators, and Set operators for multivalued context keys).
 * `effect` is that of the statement: where AWS's texts leave the answer open, it is the one that lets nobody in.
 */
export function conditionHolds(
  condition: Condition,
  context: ConditionContext,
  effect: 'Allow' | 'Deny',
): boolean {
  const { test } = condition
  const values = context.get(condition.foldedKey)
  if (test.kind === 'presence') return test.matches(values !== undefined)
  if (!values) return holdsWhenAbsent(condition, test.negated, effect)
  const holds = (value: string): boolean => {
    const matched = test.matches(value, context)
    // What cannot be compared is neither equal nor unequal: it satisfies no allow.
    if (matched === undefined) return test.negated && effect === 'Deny'
    return matched !== test.negated
  }
  if (condition.quantifier === 'all') return values.every(holds)
  if (condition.quantifier === 'any') return values.some(holds)
  // Several values without a set operator are not defined: an allow wants all of them, a deny is content with one.
  return effect === 'Allow' ? values.every(holds) : values.some(holds)
}

function holdsWhenAbsent(condition: Condition, negated: boolean, effect: 'Allow' | 'Deny'): boolean {
  if (condition.quantifier === 'all') return true
  // Of no values none can hold; `IfExists` says the opposite of the same case, which AWS does not settle.
  if (condition.quantifier === 'any') return condition.ifExists && effect === 'Deny'
  return condition.ifExists || negated
}
