import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toDistance, toDuration, toInstant } from '../../src/cli/time-words.ts'
import { wrapText } from '../../src/cli/wrap-text.ts'

const DAY = 86_400_000

describe('toDuration', () => {
  it.each([
    [0, '0 s'],
    [450, '0.4 s'],
    [-1_700, '1.7 s'],
    [9_999, '9.9 s'],
    [10_000, '10 s'],
    [61_000, '1 min 1 s'],
    [10_803_000, '3 h 3 s'],
    [10_799_000, '2 h 59 min'],
    [DAY, '1 day'],
    [20 * DAY + 3_600_000, '20 days 1 h'],
    [946_774_800_000, '30 years 13 h'],
    [3 * 365.25 * DAY + 12 * DAY, '3 years 12 days'],
  ])('%d ms is %s', (milliseconds, words) => {
    expect(toDuration(milliseconds)).toBe(words)
  })
})

describe('toInstant and toDistance', () => {
  it('leave out milliseconds that are none', () => {
    expect(toInstant(new Date('2026-01-01T00:00:00.000Z'))).toBe('2026-01-01T00:00:00Z')
    expect(toInstant(new Date('2026-01-01T00:00:00.020Z'))).toBe('2026-01-01T00:00:00.020Z')
  })

  it('say which way it is', () => {
    const now = new Date('2026-01-01T00:00:00Z')
    expect(toDistance(new Date('2026-01-01T00:05:00Z'), now)).toBe('in 5 min')
    expect(toDistance(new Date('2025-12-31T23:00:00Z'), now)).toBe('1 h ago')
  })
})

describe('wrapText', () => {
  it('loses no word, keeps to 100 columns where words allow it, and indents what follows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{1,70}$/), { minLength: 1 }),
        fc.nat(20),
        (words, indent) => {
          const first = 'x'.repeat(indent)
          const lines = wrapText(first, words.join(' '))
          expect(lines.every((line) => line.length <= 100)).toBe(true)
          expect(lines.slice(1).every((line) => line.startsWith(' '.repeat(indent)))).toBe(true)
          expect(lines.map((line) => line.slice(indent)).join(' ')).toBe(words.join(' '))
        },
      ),
    )
  })

  it('leaves a longer word whole', () => {
    expect(wrapText('  ', `a ${'b'.repeat(120)} c`)).toEqual(['  a', `  ${'b'.repeat(120)}`, '  c'])
  })
})
