import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/core/json.ts'
import { applyChange } from '../../src/lint/change.ts'
import type { Finding } from '../../src/lint/finding.ts'
import { lintPolicy, recognizeKind } from '../../src/lint/lint-policy.ts'
import { RULES } from '../../src/lint/rules.ts'
import { decideCall } from '../support/lint-call.ts'

interface Row {
  readonly name: string
  readonly policy: JsonObject
  readonly expected: readonly {
    readonly rule: string
    readonly severity: string
    readonly statement: number | null
    /** Whether the finding shows a call that gets through. */
    readonly call: boolean
  }[]
}

const read = (name: string): readonly Row[] =>
  JSON.parse(
    readFileSync(new URL(`../../fixtures/lint/${name}.json`, import.meta.url), 'utf8'),
  ) as readonly Row[]

const ROWS = { bypasses: read('bypasses'), mistakes: read('mistakes'), good: read('good') }
const lint = (policy: JsonObject): readonly Finding[] => lintPolicy(JSON.stringify(policy))
const inOrder = (rows: Row['expected']): readonly string[] => rows.map((row) => JSON.stringify(row)).sort()

describe.each(['bypasses', 'mistakes', 'good'] as const)('policy lint, table %s', (table) => {
  it.each(ROWS[table])('$name', ({ policy, expected }) => {
    const found = lint(policy).map(({ rule, severity, statement, calls }) => ({
      rule,
      severity,
      statement: statement?.index ?? null,
      call: calls.length > 0,
    }))
    expect(inOrder(found)).toEqual(inOrder(expected))
  })
})

const found = [...ROWS.bypasses, ...ROWS.mistakes].flatMap(({ name, policy }) =>
  lint(policy).map((finding) => ({ title: `${name}: ${finding.rule}`, policy, finding })),
)

it('every rule is in the README', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const rows = RULES.map(({ id, severity, title }) => `| \`${id}\` | ${severity} | ${title} |`)
  expect(rows.filter((row) => !readme.includes(row))).toEqual([])
})

describe('what findings say', () => {
  it.each(found.filter(({ finding }) => finding.calls.length > 0))(
    'of $title is a call that the evaluator allows',
    ({ policy, finding }) => {
      expect(finding.calls.map((call) => decideCall(call, policy))).toEqual(finding.calls.map(() => 'allow'))
    },
  )

  it.each(found.filter(({ finding }) => finding.repair.proved))(
    'of $title is a repair after which the call is denied',
    ({ policy, finding }) => {
      const { change } = finding.repair
      if (!change) throw new Error('a proved repair without a change')
      const repaired = applyChange(policy, change)
      const decisions = finding.calls.map((call) => decideCall(call, repaired))
      expect(decisions.filter((decision) => decision !== 'allow')).not.toEqual([])
    },
  )

  it.each(found.filter(({ finding }) => finding.repair.change !== null))(
    'of $title is a repair that leaves a policy of the same kind that can be read',
    ({ policy, finding }) => {
      const { change } = finding.repair
      const repaired = change ? applyChange(policy, change) : policy
      expect(recognizeKind(JSON.stringify(repaired))).toBe(recognizeKind(JSON.stringify(policy)))
      expect(lint(repaired).map(({ rule }) => rule)).not.toContain('unreadable-policy')
    },
  )

  it('names the statement, and is a sentence', () => {
    for (const { finding } of found) {
      expect(finding.message).toMatch(/\.$/)
      expect(finding.repair.text).toMatch(/[.?]$/)
      if (finding.statement) expect(finding.message).toContain(`Statement[${finding.statement.index}]`)
    }
  })

  it('comes from every rule but the one for policies that are too large', () => {
    const seen = new Set<string>(found.map(({ finding }) => finding.rule))
    expect(RULES.map(({ id }) => id).filter((id) => !seen.has(id))).toEqual(['search-cut-short'])
  })
})
