import { describe, expect, it } from 'vitest'
import { FAULTS } from '../../src/simulator/faults.ts'
import { CHECK_GROUPS, groupOf } from './check-groups.ts'

const codes = [...new Set(FAULTS.flatMap(({ code }) => (code === null ? [] : [code])))]

describe('the groups of checks', () => {
  it('take in every code of the catalogue', () => {
    for (const code of codes) expect(() => groupOf(code)).not.toThrow()
  })

  it('have a code each', () => {
    const used = new Set(codes.map(groupOf))
    expect(CHECK_GROUPS.filter((group) => !used.has(group))).toEqual([])
  })

  it('refuse a code that is in none', () => {
    expect(() => groupOf('NEW_CHECK_FAILED')).toThrow('NEW_CHECK_FAILED')
  })
})
