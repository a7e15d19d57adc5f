import { decode, encode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseHex, toHex } from '../../src/core/bytes.ts'
import {
  cborArray,
  cborBytes,
  cborHead,
  cborIndefiniteMap,
  cborInteger,
  cborMap,
  cborTagged,
  cborText,
} from '../../src/simulator/cbor-writer.ts'

describe('the CBOR writer', () => {
  // RFC 8949 appendix A.
  it.each([
    [0n, '00'],
    [23n, '17'],
    [24n, '1818'],
    [100n, '1864'],
    [1000n, '1903e8'],
    [1000000n, '1a000f4240'],
    [1000000000000n, '1b000000e8d4a51000'],
    [18446744073709551615n, '1bffffffffffffffff'],
    [-1n, '20'],
    [-100n, '3863'],
    [-18446744073709551616n, '3bffffffffffffffff'],
  ])('writes the integer %s as %s', (value, hex) => {
    expect(toHex(cborInteger(value))).toBe(hex)
  })

  it('writes heads of every width in their shortest form, as cborg does', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n - 1n }), (value) => {
        expect(toHex(cborInteger(value))).toBe(toHex(encode(value)))
      }),
    )
  })

  it('writes strings and arrays that cborg reads as the same value', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ unit: 'binary', maxLength: 300 }),
        (bytes, text) => {
          const item = cborArray([cborBytes(bytes), cborText(text)])
          expect(decode(item, { strict: true })).toEqual([
            bytes,
            new TextDecoder().decode(new TextEncoder().encode(text)),
          ])
        },
      ),
    )
  })

  it('keeps the order of a map, and closes one of indefinite length', () => {
    const entries = [2, 1].map((key) => ({ key: cborInteger(key), value: cborText('') }))
    expect(toHex(cborMap(entries))).toBe('a202600160')
    expect(toHex(cborIndefiniteMap(entries))).toBe('bf02600160ff')
  })

  it('writes tags', () => {
    expect(toHex(cborTagged(55_799, cborInteger(1)))).toBe('d9d9f701')
    expect(cborHead(6, 18)).toEqual(parseHex('d2'))
  })
})
