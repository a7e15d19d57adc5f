import type { ValueOperator } from './operator.ts'
import { parseTruths } from './truth.ts'

/** `Bool` (IAM User Guide, Condition operators, Boolean). A value of the request that is neither word matches nothing. */
export const BOOL_OPERATOR: ValueOperator = {
  kind: 'value',
  name: 'Bool',
  negated: false,
  variables: false,
  compile: (expected) => {
    const truths = parseTruths(expected.map(({ text }) => text))
    if (!truths) return undefined
    return (actual) => [...(parseTruths([actual]) ?? [])].some((truth) => truths.has(truth))
  },
}
