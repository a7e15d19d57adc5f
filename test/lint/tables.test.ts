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

describe('repairs that add or narrow a deny', () => {
  const role = { AWS: 'arn:aws:iam::111122223333:role/enclave-host' }
  const image = { 'kms:RecipientAttestation:ImageSha384': 'a1'.repeat(48) }
  const account = { AWS: 'arn:aws:iam::111122223333:root' }
  const rooted = { Effect: 'Allow', Principal: account, Action: 'kms:*', Resource: '*' }

  it.each<readonly [string, readonly JsonObject[]]>([
    [
      'deny-blocks-administration',
      [
        rooted,
        {
          Effect: 'Deny',
          Principal: '*',
          Action: 'kms:*',
          Resource: '*',
          Condition: { StringNotEqualsIgnoreCase: image },
        },
      ],
    ],
    [
      'grant-past-condition',
      [
        { Effect: 'Allow', Principal: role, Action: 'kms:CreateGrant', Resource: '*' },
        {
          Effect: 'Allow',
          Principal: role,
          Action: 'kms:Decrypt',
          Resource: '*',
          Condition: { StringEqualsIgnoreCase: image },
        },
      ],
    ],
  ])('%s: the repaired policy has no error', (rule, Statement) => {
    const policy = { Version: '2012-10-17', Statement }
    const change = lint(policy).find((finding) => finding.rule === rule)?.repair.change
    if (!change) throw new Error(`there is no ${rule} with a change`)
    const repaired = applyChange(policy, change)
    const errors = lint(repaired).filter(({ severity }) => severity === 'error')
    expect(errors.map((finding) => finding.rule)).toEqual([])
  })
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
