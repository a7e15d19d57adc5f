import { compileWildcard } from '../wildcard.ts'
import type { ValueOperator } from './operator.ts'

/** String operators (IAM User Guide, IAM JSON policy elements: Condition operators, String). */
export const STRING_OPERATORS: readonly ValueOperator[] = [
  { kind: 'value', name: 'StringEquals', negated: false, compile: equals },
  { kind: 'value', name: 'StringNotEquals', negated: true, compile: equals },
  { kind: 'value', name: 'StringEqualsIgnoreCase', negated: false, compile: equalsIgnoringCase },
  { kind: 'value', name: 'StringNotEqualsIgnoreCase', negated: true, compile: equalsIgnoringCase },
  { kind: 'value', name: 'StringLike', negated: false, compile: like },
  { kind: 'value', name: 'StringNotLike', negated: true, compile: like },
]

/** Exact, with case: `*` and `?` are ordinary characters here. */
function equals(expected: readonly string[]): (actual: string) => boolean {
  const values = new Set(expected)
  return (actual) => values.has(actual)
}

function equalsIgnoringCase(expected: readonly string[]): (actual: string) => boolean {
  const values = new Set(expected.map((value) => value.toLowerCase()))
  return (actual) => values.has(actual.toLowerCase())
}

function like(expected: readonly string[]): (actual: string) => boolean {
  const tests = expected.map(compileWildcard)
  return (actual) => tests.some((test) => test(actual))
}
