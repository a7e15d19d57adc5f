import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compactJson, splitJson } from '../../src/core/json-members.ts'

describe('splitJson', () => {
  it.each([
    ['{}', []],
    [' [ ] ', []],
    ['[1, "a,]", {"b":[2]} ]', ['1', '"a,]"', '{"b":[2]}'].map((text) => ({ name: '', text }))],
    [
      '{"a" : 1,"a":{ "x":"}" } , "\\u0062\\"":"\\\\"}',
      [
        { name: 'a', text: '1' },
        { name: 'a', text: '{ "x":"}" }' },
        { name: 'b"', text: '"\\\\"' },
      ],
    ],
  ])('%s', (text, members) => {
    expect(splitJson(text)).toEqual(members)
  })

  it('gives each element of any array, and each member of any object, as it was written', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 1, '\t'), (values, indent) => {
        const elements = splitJson(JSON.stringify(values, null, indent))
        expect(elements.map(({ text }) => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(values)))
        const members = splitJson(JSON.stringify({ ...values, '"\\': values }, null, indent))
        expect(members.map(({ name }) => name)).toEqual([...Object.keys(values), '"\\'])
        expect(JSON.parse(members.at(-1)?.text ?? '')).toEqual(JSON.parse(JSON.stringify(values)))
      }),
    )
  })
})

describe('compactJson', () => {
  it('takes out what lays a text out, for any value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(compactJson(`\r\n${JSON.stringify(value, null, 2)} `)).toBe(JSON.stringify(value))
      }),
    )
  })
})
