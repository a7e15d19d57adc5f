import type { LintOptions } from './lint-policy.ts'
import { lintPolicy } from './lint-policy.ts'
import { RULES } from './rules.ts'
import { placeOf } from './words.ts'

/** How many findings are logged of one policy. */
const LIMIT = 10
/** Statements that the evaluator looks at: a service has other calls to answer meanwhile. */
const BUDGET = 10_000

/**
 * Findings on a policy as lines for a log, without remarks: severity, rule, statement and the sentence of the rule. Of
 * the policy they hold Sids alone, quoted. Ten at most, and the number of the others. Throws nothing.
 */
export function lintLogLines(text: string, options: Omit<LintOptions, 'budget'>): readonly string[] {
  const findings = lintPolicy(text, { ...options, budget: BUDGET }).filter(
    ({ severity }) => severity !== 'note',
  )
  const lines = findings.slice(0, LIMIT).map(({ rule, severity, statement }) => {
    const title = RULES.find(({ id }) => id === rule)?.title ?? ''
    return `policy ${severity} ${rule}${statement === null ? '' : ` at ${placeOf(statement)}`}: ${title}`
  })
  const more = findings.length - lines.length
  return more > 0 ? [...lines, `policy: ${more} more findings`] : lines
}
