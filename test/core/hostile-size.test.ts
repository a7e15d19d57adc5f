import { describe, expect, it } from 'vitest'
import { parseBase64 } from '../../src/core/base64.ts'
import { parseJson } from '../../src/core/json.ts'

/** As much as a request may have. */
const MIB = 1_048_576

const names = (count: number, name: (index: number) => string): string =>
  `{${Array.from({ length: count }, (_, index) => `"${name(index)}":0`).join(',')}}`

describe('parseJson takes a megabyte of', () => {
  it.each([
    ['one string', `"${'a'.repeat(MIB)}"`],
    ['backslashes', `"${'\\\\'.repeat(MIB / 2)}"`],
    ['escaped quotation marks', `"${'\\"'.repeat(MIB / 2)}"`],
    ['white space', `["a"${' '.repeat(MIB)}]`],
    ['short strings', `[${'"" ,'.repeat(MIB / 4)}""]`],
    ['numbers', `[${'0,'.repeat(MIB / 2)}0]`],
    ['one number', '1'.repeat(MIB)],
    ['empty objects (a quarter)', `[${'{},'.repeat(MIB / 12)}{}]`],
    ['members', names(40_000, (index) => `k${index}`)],
    ['members that are numbers, alike in their last bits', names(32_768, (index) => String(index * 65_536))],
    ['members with one beginning', names(10_000, (index) => `${'k'.repeat(90)}${index}`)],
    ['one name in escapes', `{"${String.raw`\u0061`.repeat(MIB / 6)}":0}`],
  ])('%s', (_, text) => {
    expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)))
  })
})

describe('parseJson refuses a megabyte of', () => {
  it.each([
    ['opened arrays', '['.repeat(MIB)],
    ['arrays in one another', '['.repeat(MIB / 2) + ']'.repeat(MIB / 2)],
    ['objects in one another', `${'{"a":'.repeat(MIB / 6)}0${'}'.repeat(MIB / 6)}`],
    ['one member', `{${'"a":0,'.repeat(MIB / 6)}"a":0}`],
    ['a string without end', `"${'a'.repeat(MIB)}`],
    ['backslashes without end', `"${'\\'.repeat(MIB + 1)}"`],
  ])('%s with SyntaxError', (_, text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError)
  })
})

describe('parseBase64', () => {
  it('takes a megabyte', () => {
    expect(parseBase64('AAAA'.repeat(MIB / 4))).toHaveLength((MIB / 4) * 3)
  })

  it.each([
    ['a character of another alphabet at its end', `${'A'.repeat(MIB)}-`],
    ['padding alone', '='.repeat(MIB)],
    ['groups with padding', 'AA=='.repeat(MIB / 4)],
    ['white space', ' '.repeat(MIB)],
    ['a letter too many', 'A'.repeat(MIB + 1)],
  ])('refuses a megabyte with %s: RangeError', (_, text) => {
    expect(() => parseBase64(text)).toThrow(RangeError)
  })
})
