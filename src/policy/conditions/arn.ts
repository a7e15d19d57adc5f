import { ARN_PARTS, splitResource } from '../resource-parts.ts'
import type { ExpandedText } from '../template.ts'
import type { TextTest } from '../wildcard.ts'
import { compilePattern, splitPattern } from '../wildcard.ts'
import type { ValueOperator, ValueTest } from './operator.ts'

/**
 * ARN operators (IAM User Guide, Condition operators, Amazon Resource Name). `ArnEquals` and `ArnLike` are the same:
 * the six parts are compared one by one, with case, and each may hold wildcards.
 */
export const ARN_OPERATORS: readonly ValueOperator[] = [
  { kind: 'value', name: 'ArnEquals', negated: false, variables: true, compile },
  { kind: 'value', name: 'ArnLike', negated: false, variables: true, compile },
  { kind: 'value', name: 'ArnNotEquals', negated: true, variables: true, compile },
  { kind: 'value', name: 'ArnNotLike', negated: true, variables: true, compile },
]

const COLON = 0x3a

function compile(expected: readonly ExpandedText[]): ValueTest {
  const all = expected.map(({ toPattern }) =>
    splitPattern(toPattern(), COLON, ARN_PARTS).map((part) => compilePattern(part)),
  )
  const whole = all.filter((tests) => tests.length === ARN_PARTS)
  // A pattern of fewer parts, such as `*`, is the ARN of nothing.
  const otherwise = whole.length === all.length ? false : undefined
  return (actual) => {
    const parts = splitResource(actual)
    if (parts.length !== ARN_PARTS || parts[0] !== 'arn') return undefined
    return whole.some((tests) => matchesAll(tests, parts)) || otherwise
  }
}

function matchesAll(tests: readonly TextTest[], parts: readonly string[]): boolean {
  return tests.every((test, at) => parts.slice(at, at + 1).some((part) => test(part)))
}
