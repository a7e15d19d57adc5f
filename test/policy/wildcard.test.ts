import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileWildcard } from '../../src/policy/wildcard.ts'

/** The definition, as a table of prefixes: does `pattern` up to p stand for `text` up to t. */
function reference(pattern: string, text: string): boolean {
  const [symbols, characters] = [Array.from(pattern), Array.from(text)]
  let row = characters.map(() => false)
  row.unshift(true)
  for (const symbol of symbols) {
    const next = [symbol === '*' && row[0] === true]
    characters.forEach((character, at) => {
      next.push(
        symbol === '*'
          ? row[at + 1] || next[at] || false
          : row[at] === true && (symbol === '?' || symbol === character),
      )
    })
    row = next
  }
  return row.at(-1) === true
}

describe('compileWildcard', () => {
  it.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['?', '', false],
    ['a*b*c', 'abc', true],
    ['a*b*c', 'aXbYbZc', true],
    ['ab*ba', 'aba', false],
    ['*ab', 'aab', true],
    ['*a?b*', 'aaXb', true],
    ['?', '😀', true],
    ['??', '😀', false],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['\\*', '\\x', true],
    ['K', 'k', false],
    [`*${'ab'.repeat(40)}?c*`, `xab${'ab'.repeat(41)}zcx`, true],
    [`*${'ab'.repeat(40)}?c*`, `xab${'ab'.repeat(38)}zcx`, false],
    [`*${'?'.repeat(70)}c*`, `${'x'.repeat(70)}c`, true],
    [`*${'?'.repeat(70)}c*`, `${'x'.repeat(69)}c`, false],
  ])('%j for %j: %s', (pattern, text, matches) => {
    expect(compileWildcard(pattern)(text)).toBe(matches)
  })

  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '😀'), maxLength: 14 })
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '😀'), maxLength: 20 })

  it('agrees with the definition, for any pattern and text', () => {
    fc.assert(
      fc.property(pattern, text, (p, t) => {
        expect(compileWildcard(p)(t)).toBe(reference(p, t))
      }),
      { numRuns: 20_000 },
    )
  })

  it('agrees with the definition where pieces are longer than a word of bits', () => {
    const long = fc
      .array(fc.constantFrom('ab?', 'abab', '*', 'a', 'b'), { maxLength: 40 })
      .map((parts) => `*${parts.join('')}*`)
    const near = long.chain((p) =>
      fc.tuple(
        fc.constant(p),
        fc.constantFrom('', 'b', 'ba').map((fill) => `a${p.replaceAll('*', fill).replaceAll('?', 'a')}b`),
      ),
    )
    fc.assert(
      fc.property(near, ([p, t]) => {
        expect(compileWildcard(p)(t)).toBe(reference(p, t))
      }),
      { numRuns: 2_000 },
    )
  })

  it('comes to an end where trying again would not', () => {
    const long = 'a'.repeat(20_000)
    expect(compileWildcard(`${'a*'.repeat(10_000)}b`)(long)).toBe(false)
    expect(compileWildcard(`*${'a?'.repeat(5_000)}b*`)(long)).toBe(false)
  })
})
