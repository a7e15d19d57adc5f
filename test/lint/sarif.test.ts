import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { lintFile } from '../../src/lint/lint-file.ts'
import { RULES } from '../../src/lint/rules.ts'
import { toSarif } from '../../src/lint/sarif.ts'

const table = readFileSync(new URL('../../fixtures/lint/bypasses.json', import.meta.url), 'utf8')
const policies = (JSON.parse(table) as readonly { readonly policy: object }[]).map(({ policy }) => policy)
const text = JSON.stringify(policies, null, 2)

interface Log {
  readonly $schema: string
  readonly version: string
  readonly runs: readonly [
    {
      readonly tool: {
        readonly driver: { readonly name: string; readonly rules: readonly Record<string, unknown>[] }
      }
      readonly results: readonly {
        readonly ruleId: string
        readonly ruleIndex: number
        readonly level: string
        readonly message: { readonly text: string }
        readonly partialFingerprints: Record<string, string>
        readonly locations: readonly [
          {
            readonly physicalLocation: {
              readonly artifactLocation: { readonly uri: string }
              readonly region: Record<string, number>
            }
          },
        ]
      }[]
    },
  ]
}

const log = toSarif([{ uri: 'policies/key%20policy.json', findings: lintFile(text) }]) as unknown as Log
const [run] = log.runs

describe('findings as SARIF 2.1.0', () => {
  it('name version and schema, and describe each rule once (SARIF 2.1.0, sections 3.13, 3.49)', () => {
    expect(log).toMatchObject({ version: '2.1.0', $schema: expect.stringContaining('sarif-2.1.0') })
    const ids = run.tool.driver.rules.map(({ id }) => id)
    expect(ids).toEqual(RULES.map(({ id }) => id))
    expect(new Set(ids).size).toBe(ids.length)
    for (const rule of run.tool.driver.rules) {
      expect(rule).toMatchObject({
        shortDescription: { text: expect.stringMatching(/\.$/) },
        fullDescription: { text: expect.stringMatching(/\.$/) },
        help: { text: expect.any(String) },
        defaultConfiguration: { level: expect.stringMatching(/^(error|warning|note)$/) },
      })
    }
  })

  it('have results whose index is that of their rule, with level, text and fingerprint', () => {
    expect(run.results.length).toBeGreaterThan(40)
    for (const { ruleId, ruleIndex, level, message, partialFingerprints } of run.results) {
      expect(run.tool.driver.rules[ruleIndex]?.['id']).toBe(ruleId)
      expect(['error', 'warning', 'note']).toContain(level)
      expect(message.text).toContain('Repair: ')
      expect(Object.values(partialFingerprints)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)])
    }
    const prints = run.results.map((result) => result.partialFingerprints['attestedKmsPolicy/v1'])
    expect(new Set(prints).size).toBe(prints.length)
  })

  it('point at what they are about', () => {
    const lines = text.split('\n')
    for (const { ruleId, locations } of run.results) {
      const { artifactLocation, region } = locations[0].physicalLocation
      expect(artifactLocation.uri).toBe('policies/key%20policy.json')
      const { startLine = 0, startColumn = 0, endLine = 0, endColumn = 0 } = region
      expect(startLine < endLine || (startLine === endLine && startColumn < endColumn)).toBe(true)
      const first = lines[startLine - 1]?.slice(startColumn - 1) ?? ''
      expect(`${ruleId} ${first.slice(0, 1)}`).toMatch(/ ["[{]$/)
    }
  })
})
