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
  readonly quantifier: OperatorForm['quantifier']
  readonly ifExists: boolean
  readonly test: ConditionTest
}

/** What a condition does with its key: look at its values, or at whether it is there. */
export type ConditionTest =
  | { readonly kind: 'value'; readonly negated: boolean; readonly matches: (actual: string) => boolean }
  | { readonly kind: 'presence'; readonly matches: (present: boolean) => boolean }

/** Condition keys of a request, with their values. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>

/** A key name as it is looked up: names of condition keys ignore case (IAM User Guide, Condition). */
export function foldKey(key: string): string {
  return key.toLowerCase()
}

/**
 * Makes the condition keys of a request ready for looking up. Two names that differ in case alone are one key with the
 * values of both, as AWS warns of for `kms:EncryptionContext:<key>`; a key without values is an absent one.
 */
export function toConditionContext(keys: ReadonlyMap<string, string | readonly string[]>): ConditionContext {
  const context = new Map<string, string[]>()
  for (const [key, value] of keys) {
    const values = typeof value === 'string' ? [value] : value
    if (values.length === 0) continue
    const folded = foldKey(key)
    // Added to in place: a request can spell one name in tens of thousands of ways.
    const known = context.get(folded)
    if (!known) context.set(folded, [...values])
    else for (const one of values) known.push(one)
  }
  return context
}

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
  const holds = (value: string): boolean => test.matches(value) !== test.negated
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
