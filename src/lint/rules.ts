import { BYPASS_RULES } from './bypass-rules.ts'
import { MISTAKE_RULES } from './mistake-rules.ts'
import type { Rule, Severity } from './rule.ts'

const TABLE = [...BYPASS_RULES, ...MISTAKE_RULES] as const

/** The names of all rules; they do not change. */
export type RuleId = (typeof TABLE)[number]['id']

/** All rules, in the order in which SARIF numbers them. */
export const RULES: readonly (Rule & { readonly id: RuleId })[] = TABLE

const BY_ID: ReadonlyMap<string, Rule> = new Map(TABLE.map((rule) => [rule.id, rule]))

/** What a finding of this rule has unless it is told otherwise. */
export function severityOf(rule: RuleId): Severity {
  return BY_ID.get(rule)?.severity ?? 'error'
}
