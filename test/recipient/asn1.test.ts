import { describe, expect, it } from 'vitest'
import { toHex } from '../../src/core/bytes.ts'
import { definite, indefinite, objectIdentifier, smallInteger, TAG } from '../../src/recipient/asn1.ts'

describe('objectIdentifier', () => {
  it.each([
    // The example of X.690 §8.19.5; the others as genuine envelopes have them.
    ['2.999.3', '0603883703'],
    ['1.2.840.113549.1.7.3', '06092a864886f70d010703'],
    ['2.16.840.1.101.3.4.1.42', '060960864801650304012a'],
  ])('writes %s as %s', (dotted, encoded) => {
    expect(toHex(objectIdentifier(dotted))).toBe(encoded)
  })
})

describe('definite', () => {
  it.each([
    [0, '0400'],
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [65_536, '0483010000'],
  ])('writes a length of %i bytes in the shortest form', (length, header) => {
    const element = definite(TAG.octetString, new Uint8Array(length))
    expect(toHex(element.subarray(0, element.length - length))).toBe(header)
  })

  it('joins its contents', () => {
    expect(toHex(definite(TAG.sequence, smallInteger(2), smallInteger(127)))).toBe('300602010202017f')
  })
})

describe('indefinite', () => {
  it('marks the length with 80 and closes with two zero octets', () => {
    expect(toHex(indefinite(TAG.context0, smallInteger(2)))).toBe('a0800201020000')
  })
})
