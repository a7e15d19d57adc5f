import type { ExpandedText } from '../template.ts'
import { compilePattern } from '../wildcard.ts'
import type { ValueOperator, ValueTest } from './operator.ts'

/** String operators (IAM User Guide, IAM JSON policy elements: Condition operators, String). */
export const STRING_OPERATORS: readonly ValueOperator[] = [
  row('StringEquals', false, equals),
  row('StringNotEquals', true, equals),
  row('StringEqualsIgnoreCase', false, equalsIgnoringCase),
  row('StringNotEqualsIgnoreCase', true, equalsIgnoringCase),
  row('StringLike', false, like),
  row('StringNotLike', true, like),
]

function row(name: string, negated: boolean, compile: ValueOperator['compile']): ValueOperator {
  return { kind: 'value', name, negated, variables: true, compile }
}

/** Exact, with case: `*` and `?` are ordinary characters here. */
function equals(expected: readonly ExpandedText[]): ValueTest {
  const values = new Set(expected.map(({ text }) => text))
  return (actual) => values.has(actual)
}

function equalsIgnoringCase(expected: readonly ExpandedText[]): ValueTest {
  const values = new Set(expected.map(({ text }) => text.toLowerCase()))
  return (actual) => values.has(actual.toLowerCase())
}

function like(expected: readonly ExpandedText[]): ValueTest {
  const tests = expected.map(({ toPattern }) => compilePattern(toPattern()))
  return (actual) => tests.some((test) => test(actual))
}
