import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PolicyError } from '../../src/policy/errors.ts'
import { expandTemplate, parseTemplate, plainTemplate } from '../../src/policy/template.ts'
import { compilePattern } from '../../src/policy/wildcard.ts'

const values = new Map([
  ['aws:username', ['alice']],
  ['kms:star', ['a*?${b}']],
  ['aws:tagkeys', []],
])

function expand(text: string): string | null {
  return expandTemplate(parseTemplate(text, 'here'), values)?.text ?? null
}

describe('policy variables', () => {
  it.each([
    ['', ''],
    ['$', '$'],
    ['{aws:username}', '{aws:username}'],
    ['${aws:username}', 'alice'],
    ['a${AWS:USERNAME}b${aws:username}', 'aalicebalice'],
    ["${aws:userid, 'x'}", 'x'],
    ["${aws:userid,   'x'   }y", 'xy'],
    ["${aws:userid, '${'}}", '${}'],
    ['${$}{aws:username}', '${aws:username}'],
    ['${kms:star}', 'a*?${b}'],
    ['${aws:userid}', null],
    ['${aws:tagkeys}', null],
  ])('%s becomes %j', (text, expected) => {
    expect(expand(text)).toBe(expected)
  })

  it.each([
    '${',
    '${ aws:username}',
    "${aws:userid ,'x'}",
    'a${b',
    '${}',
    '${a, }',
    "${a, 'b}",
    "${a, 'b'",
    "${a, 'b' c}",
    "${'a'}",
    '${a${b}}',
    '${**}',
  ])('refuses %s with POLICY_VARIABLE_INVALID', (text) => {
    expect(() => parseTemplate(text, 'here')).toThrow(
      expect.objectContaining({ code: 'POLICY_VARIABLE_INVALID' }),
    )
  })

  it('in values are ordinary characters, and those of the policy wildcards', () => {
    const test = (text: string, actual: string): boolean | undefined => {
      const expanded = expandTemplate(parseTemplate(text, 'here'), values)
      return expanded ? compilePattern(expanded.toPattern())(actual) : undefined
    }
    expect(test('*${kms:star}?', 'xa*?${b}y')).toBe(true)
    expect(test('*${kms:star}?', 'xabc${b}y')).toBe(false)
    expect(test('${*}${?}', '*?')).toBe(true)
    expect(test('${*}${?}', 'ab')).toBe(false)
  })

  it('do not grow a text without end: what is too long for any value matches nothing', () => {
    const long = new Map([['kms:long', ['x'.repeat(8192)]]])
    const template = parseTemplate('${kms:long}'.repeat(2000), 'here')
    expect(expandTemplate(template, long)).toBeNull()
  })

  it('are read from any text, or refused with a PolicyError; a text without any stays as it is', () => {
    const texts = fc.string({
      unit: fc.constantFrom('$', '{', '}', '*', "'", ',', ' ', 'a', ':'),
      maxLength: 20,
    })
    fc.assert(
      fc.property(texts, (text) => {
        expect(expandTemplate(plainTemplate(text), values)?.text).toBe(text)
        try {
          const template = parseTemplate(text, 'here')
          if (!text.includes('${')) expect(expandTemplate(template, values)?.text).toBe(text)
          else expect(template.pieces.length).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toBeInstanceOf(PolicyError)
        }
      }),
      { numRuns: 5000 },
    )
  })
})
