import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isJsonObject, parseJson } from '../../src/core/json.ts'

describe('parseJson', () => {
  it.each([
    ['a member twice', '{"a":1,"a":2}'],
    ['a member twice, once with an escape', String.raw`{"a":1,"\u0061":2}`],
    ['a member twice, with much white space before the colon', `{"a"${' '.repeat(500)}:1,"a":2}`],
    ['a member twice, deep inside', '{"x":[1,{"y":{"z":1,"z":1}}]}'],
    ['`__proto__` twice', '{"__proto__":1,"__proto__":2}'],
  ])('refuses %s', (_, text) => {
    expect(() => parseJson(text)).toThrow(new SyntaxError('a member is given twice'))
  })

  it.each([
    ['one name in two objects', '[{"a":1},{"a":2}]'],
    ['a value equal to a name', '{"a":"a","b":"a"}'],
    ['a value that looks like a member', String.raw`{"a":"\"b\":1,\"b\":2","b":"x"}`],
    ['an empty name', '{"":1,"a":2}'],
    ['names that differ in case', '{"a":1,"A":2}'],
  ])('reads %s', (_, text) => {
    expect(parseJson(text)).toEqual(JSON.parse(text))
  })

  it('gives objects no prototype', () => {
    const value = parseJson('{"constructor":{},"__proto__":{"polluted":true}}')
    expect(isJsonObject(value) && Object.keys(value)).toEqual(['constructor', '__proto__'])
    expect(isJsonObject(value) && value['toString']).toBeUndefined()
  })

  it('reads 64 levels and refuses 65', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
    expect(() => parseJson(nested(64))).not.toThrow()
    expect(() => parseJson(nested(65))).toThrow(SyntaxError)
    expect(() => parseJson(nested(400_000))).toThrow(SyntaxError)
  })

  it.each(['', ' ', '{', '{"a":1,}', "{'a':1}", 'NaN', '{"a":1}{', '[1,]', '\u{feff}{}'])(
    'refuses %j',
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError)
    },
  )

  it('says nothing of the text in its errors', () => {
    for (const text of ['{"hunter2":1,"hunter2":1}', '{"hunter2"', 'hunter2']) {
      expect(() => parseJson(text)).toThrow(/^(?!.*hunter2)/)
    }
  })

  it('agrees with JSON.parse on whatever JSON.stringify writes, and throws nothing but SyntaxError otherwise', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (text) => {
        expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)))
      }),
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseJson(text)
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError)
        }
      }),
    )
  })
})
