import { encode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseHex } from '../../../src/core/bytes.ts'
import { readFirstItem } from '../../../src/simulator/nsm/cbor-item.ts'
import { runs } from '../../support/property-runs.ts'

const read = (hex: string) => readFirstItem(parseHex(hex))

/** Examples of RFC 8949 Appendix A, and what a request can make of them. */
const ITEMS: readonly (readonly [hex: string, item: unknown])[] = [
  ['00', { kind: 'unsigned', value: 0 }],
  ['17', { kind: 'unsigned', value: 23 }],
  ['1818', { kind: 'unsigned', value: 24 }],
  ['1903e8', { kind: 'unsigned', value: 1000 }],
  ['1a000f4240', { kind: 'unsigned', value: 1_000_000 }],
  ['1b000000e8d4a51000', { kind: 'unsigned', value: 1_000_000_000_000 }],
  ['1bffffffffffffffff', { kind: 'unsigned', value: 2 ** 64 }],
  // Not in its shortest form, as libraries with a type for each width write it.
  ['190010', { kind: 'unsigned', value: 16 }],
  ['20', { kind: 'other' }],
  ['f6', { kind: 'null' }],
  ['f7', { kind: 'other' }],
  ['f5', { kind: 'other' }],
  ['f8ff', { kind: 'other' }],
  ['f93c00', { kind: 'other' }],
  ['fb3ff199999999999a', { kind: 'other' }],
  ['c11a514b67b0', { kind: 'other' }],
  ['4401020304', { kind: 'bytes', bytes: Uint8Array.of(1, 2, 3, 4) }],
  ['62c3bc', { kind: 'text', text: 'ü', bytes: Uint8Array.of(0xc3, 0xbc) }],
  ['62c328', { kind: 'other' }],
  ['5f42010243030405ff', { kind: 'other' }],
  ['7f657374726561646d696e67ff', { kind: 'other' }],
  ['83010203', { kind: 'other' }],
  ['9f018202039f0405ffff', { kind: 'other' }],
  [
    'a10102',
    {
      kind: 'map',
      entries: [
        [
          { kind: 'unsigned', value: 1 },
          { kind: 'unsigned', value: 2 },
        ],
      ],
    },
  ],
  ['bff6f6ff', { kind: 'map', entries: [[{ kind: 'null' }, { kind: 'null' }]] }],
]

describe('readFirstItem', () => {
  it.each(ITEMS)('reads %s, and what stands behind it does not matter', (hex, item) => {
    const length = hex.length / 2
    expect(read(hex)).toEqual({ outcome: 'item', item, length })
    expect(read(`${hex}ff00`)).toEqual({ outcome: 'item', item, length })
  })

  it.each(ITEMS.filter(([hex]) => hex.length > 2))('finds every part of %s incomplete', (hex) => {
    for (let end = 0; end < hex.length; end += 2)
      expect(read(hex.slice(0, end))).toEqual({ outcome: 'incomplete' })
  })

  it.each([
    ['a length that nothing follows', '5a7fffffff'],
    ['a length of 2^64 - 1', '5bffffffffffffffff'],
    ['a map of 2^64 - 1 entries', 'bbffffffffffffffff'],
    ['an array that never ends', '9f'.repeat(3)],
  ])('waits for more behind %s', (_, hex) => {
    expect(read(hex)).toEqual({ outcome: 'incomplete' })
  })

  // RFC 8949 Appendix F: not well-formed.
  it.each([
    ['reserved additional information', '1c'],
    ['reserved additional information', '5d'],
    ['reserved additional information', 'fe'],
    ['an integer without length', '1f'],
    ['a negative integer without length', '3f'],
    ['a tag without number', 'df00'],
    ['a break by itself', 'ff'],
    ['a break in a definite array', '81ff'],
    ['a break in a definite map', 'a1ff'],
    ['a break in place of a value', 'bf00ff'],
    ['a chunk of another type', '5f00ff'],
    ['a chunk of text in bytes', '5f6100ff'],
    ['a chunk in chunks', '5f5f4100ffff'],
    ['a short simple value in its long form', 'f81f'],
    ['17 levels', '81'.repeat(17)],
    ['tags on tags', 'c1'.repeat(5000)],
  ])('takes %s for no CBOR (%s)', (_, hex) => {
    expect(read(hex)).toEqual({ outcome: 'malformed' })
  })

  it('reads 16 levels', () => {
    expect(read(`${'81'.repeat(15)}00`)).toMatchObject({ outcome: 'item', length: 16 })
  })

  it('finds the end of whatever another library writes, and all its parts incomplete', () => {
    const leaf = fc.oneof(
      fc.maxSafeInteger(),
      fc.double({ noNaN: true }),
      fc.string({ unit: 'grapheme' }),
      fc.uint8Array(),
      fc.boolean(),
      fc.constant(null),
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', maxDepth: 6 },
        leaf,
        fc.array(tie('value')),
        fc.dictionary(fc.string(), tie('value')),
      ),
    }))
    fc.assert(
      fc.property(value, fc.uint8Array({ maxLength: 8 }), (item, behind) => {
        const bytes = encode(item)
        expect(readFirstItem(Buffer.concat([bytes, behind]))).toMatchObject({
          outcome: 'item',
          length: bytes.length,
        })
        for (const end of [0, bytes.length >> 1, bytes.length - 1]) {
          expect(readFirstItem(bytes.subarray(0, end))).toEqual({ outcome: 'incomplete' })
        }
      }),
      runs(200),
    )
  })

  it('takes any bytes to an item within them, or says that there is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const first = readFirstItem(bytes)
        if (first.outcome !== 'item') return
        expect(first.length).toBeGreaterThan(0)
        expect(first.length).toBeLessThanOrEqual(bytes.length)
      }),
      runs(5_000),
    )
  })

  it.each([
    ['00', '1800', '190000', '1a00000000', '1b0000000000000000'],
    ['10', '1810', '190010', '1a00000010', '1b0000000000000010'],
  ])('reads the same number in every width (%s)', (...widths) => {
    const items = widths.map((hex) => read(hex)).map((first) => first.outcome === 'item' && first.item)
    expect(new Set(items.map((item) => JSON.stringify(item))).size).toBe(1)
  })
})
