import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { StsError } from '../../src/sts/errors.ts'
import { parseForm } from '../../src/sts/form.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)
const malformed = (text: string): unknown =>
  expect.objectContaining({ code: 'MalformedInput', message: text })

describe('parseForm', () => {
  it.each<[string, Record<string, string>]>([
    ['', {}],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1&&b=', { a: '1', b: '' }],
    ['a', { a: '' }],
    ['a=b=c', { a: 'b=c' }],
    ['a+b=c+d%2B', { 'a b': 'c d+' }],
    ['Tags.member.1.Key=%C3%BC', { 'Tags.member.1.Key': 'ü' }],
    ['a=ü', { a: 'ü' }],
    ['__proto__=1', JSON.parse('{"__proto__":"1"}')],
  ])('reads %j', (text, pairs) => {
    expect([...parseForm(bytes(text))]).toEqual(Object.entries(pairs))
  })

  it.each([
    ['a parameter given twice', bytes('a=1&a=1'), 'The request gives a parameter twice.'],
    ['it given twice in two spellings', bytes('a=1&%61=2'), 'The request gives a parameter twice.'],
    ['half an escape', bytes('a=%2'), 'The request has an escape that stands for no character.'],
    ['an escape that is no UTF-8', bytes('a=%ff'), 'The request has an escape that stands for no character.'],
    ['bytes that are no UTF-8', Uint8Array.of(0x61, 0x3d, 0xff), 'The request is not UTF-8.'],
    ['513 parameters', bytes('&'.repeat(512)), 'The request has too many parameters.'],
  ])('refuses %s with MalformedInput', (_, body, text) => {
    expect(() => parseForm(body)).toThrow(malformed(text))
  })

  it('reads what the URL Standard writes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: 'grapheme' })), (pairs) => {
        const body = bytes(new URLSearchParams(pairs).toString())
        expect([...parseForm(body)]).toEqual(Object.entries(pairs))
      }),
    )
  })

  it('gives a form or MalformedInput, whatever the bytes', () => {
    const some = fc.oneof(
      fc.uint8Array(),
      fc
        .array(fc.constantFrom('a', '=', '&', '%', '+', '%41', '%ff', 'ü'))
        .map((parts) => bytes(parts.join(''))),
    )
    fc.assert(
      fc.property(some, (body) => {
        try {
          expect(parseForm(body)).toBeInstanceOf(Map)
        } catch (error) {
          expect(error).toBeInstanceOf(StsError)
          expect(error).toMatchObject({ code: 'MalformedInput' })
        }
      }),
    )
  })
})
