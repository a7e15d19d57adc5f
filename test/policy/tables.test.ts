import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/policy/evaluate.ts'
import type { PolicyCase } from '../support/policy-case.ts'
import { toQuestion } from '../support/policy-case.ts'

interface Row {
  readonly name: string
  /** The AWS page whose rule the expectation follows. */
  readonly source: string
  readonly case: PolicyCase
  readonly expected: {
    readonly decision: string
    readonly by: string | null
    readonly reason?: readonly string[]
  }
}

const folder = new URL('../../fixtures/policies/', import.meta.url).pathname
const topics = readdirSync(folder).filter((file) => file.endsWith('.json'))

it('there are tables', () => {
  expect(topics.length).toBeGreaterThan(6)
})

describe.each(topics)('policy table %s', (topic) => {
  const rows = JSON.parse(readFileSync(`${folder}${topic}`, 'utf8')) as readonly Row[]

  it.each(rows)('$name → $expected.decision', (row) => {
    const decision = evaluate(toQuestion(row.case))
    expect({ decision: decision.outcome, by: decision.by }).toEqual({
      decision: row.expected.decision,
      by: row.expected.by,
    })
    expect(decision.reasons.length).toBeGreaterThan(0)
    for (const fragment of row.expected.reason ?? []) expect(decision.reasons[0]).toContain(fragment)
    expect(decision.denial === null).toBe(decision.outcome === 'allow')
  })

  it('says for every case which page it follows', () => {
    expect(rows.filter((row) => !/^(AWS KMS Developer|IAM User) Guide, ./.test(row.source))).toEqual([])
  })
})
