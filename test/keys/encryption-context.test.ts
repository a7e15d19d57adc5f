import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../src/core/bytes.ts'
import { encodeEncryptionContext } from '../../src/keys/encryption-context.ts'

const wellFormedText = fc.string({ unit: 'grapheme', maxLength: 12 })
const pairs = fc.uniqueArray(fc.tuple(wellFormedText, wellFormedText), {
  selector: ([key]) => key,
  maxLength: 8,
})
const encode = (context: Iterable<readonly [string, string]>): string =>
  toHex(encodeEncryptionContext(new Map(context)))

describe('encodeEncryptionContext', () => {
  it.each([
    ['no pairs', [], ''],
    ['an empty key and value', [['', '']], '0000000000000000'],
    [
      'two pairs, sorted by key',
      [
        ['b', '2'],
        ['a', '10'],
      ],
      '00000001 61 00000002 3130 00000001 62 00000001 32',
    ],
    ['lengths in bytes of UTF-8', [['\u00e4', '\u{1f511}']], '00000002 c3a4 00000004 f09f9491'],
  ] as const)('gives the bytes of the layout for %s', (_, context, expected) => {
    expect(encode(context)).toBe(expected.replaceAll(' ', ''))
  })

  it('gives one result for every order of the pairs', () => {
    fc.assert(
      fc.property(pairs, (context) => {
        expect(encode(context)).toBe(encode([...context].toReversed()))
      }),
    )
  })

  it('gives two contexts the same bytes only if they are equal', () => {
    const sorted = (context: readonly (readonly string[])[]): string =>
      context
        .map((pair) => JSON.stringify(pair))
        .sort(undefined)
        .join('')
    fc.assert(
      fc.property(pairs, pairs, (a, b) => {
        expect(encode(a) === encode(b)).toBe(sorted(a) === sorted(b))
      }),
    )
  })

  it.each([
    ['ab', 'c', 'a', 'bc'],
    ['A', 'x', 'a', 'x'],
    ['\u00e9', '', 'e\u0301', ''],
  ])('tells {%s: %s} from {%s: %s}', (key, value, otherKey, otherValue) => {
    expect(encode([[key, value]])).not.toBe(encode([[otherKey, otherValue]]))
  })

  it.each([
    ['key', [['a\ud800', 'b']]],
    ['value', [['a', '\udc00b']]],
  ] as const)('CONTEXT_NOT_UNICODE: a lone surrogate in a %s', (_, context) => {
    expect(() => encode(context)).toThrow(expect.objectContaining({ code: 'CONTEXT_NOT_UNICODE' }))
  })

  it('takes 8192 bytes of keys and values; CONTEXT_TOO_LARGE: one more', () => {
    const half = '\u00e4'.repeat(2048)
    expect(encode([[half, half]])).toHaveLength(2 * (8192 + 8))
    expect(() => encode([[half, `${half}a`]])).toThrow(expect.objectContaining({ code: 'CONTEXT_TOO_LARGE' }))
  })
})
