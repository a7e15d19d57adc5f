import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseBer, toDer } from '../../enclave/client/ber.ts'
import { toHex } from '../../src/core/bytes.ts'
import { hex, tlv } from '../support/an-envelope.ts'

describe('parseBer and toDer', () => {
  it.each([
    ['a definite SEQUENCE', '3003020102', '3003020102'],
    ['an indefinite SEQUENCE', '30800201020000', '3003020102'],
    ['an indefinite element in a definite one', '3007308002010200 00', '30053003020102'],
    ['a length in a form that is too long', '30830000040281 0102', '3003020102'],
    ['an empty indefinite SEQUENCE', '30800000', '3000'],
    ['a constructed OCTET STRING', '2406040101040102', '04020102'],
    ['a constructed OCTET STRING in a constructed one', '24802404040201020000', '04020102'],
    ['an empty constructed OCTET STRING', '2400', '0400'],
    ['a constructed [0] of OCTET STRINGs', 'a080040101040102 0000', 'a006040101040102'],
  ])('read %s', (_, ber, der) => {
    expect(toHex(toDer(parseBer(hex(ber.replaceAll(' ', '')))))).toBe(der)
  })

  it('write lengths of one, two and three octets', () => {
    for (const length of [127, 128, 255, 256, 16_000]) {
      const element = tlv(0x04, new Uint8Array(length))
      expect(toDer(parseBer(element))).toEqual(element)
    }
  })

  const nested = (depth: number): string => '3080'.repeat(depth) + '0000'.repeat(depth)

  it('read 16 levels', () => {
    expect(toHex(toDer(parseBer(hex(nested(16)))))).toMatch(/^301e.*3000$/)
  })

  it.each([
    ['nothing', '', 'it ends in the middle'],
    ['a tag alone', '30', 'it ends in the middle'],
    ['a length that is cut off', '3082', 'it ends in the middle'],
    ['an indefinite element without an end', '3080020102', 'it ends in the middle'],
    ['half of the end-of-contents octets', '308002010200', 'it ends in the middle'],
    ['end-of-contents octets with a length', '3080000100', 'have a length'],
    ['end-of-contents octets at the top', '0000', 'where none may'],
    ['end-of-contents octets in a definite element', '30020000', 'where none may'],
    ['end-of-contents octets beyond the element around', '300430800201020000', 'longer than what is left'],
    ['a byte behind the end', '300302010200', 'bytes follow'],
    ['an element longer than the one around it', '3003020202', 'longer than what is left'],
    ['a length of four gigabytes', '3084ffffffff', 'too many octets'],
    ['a length of sixteen megabytes', '3083ffffff', 'longer than what is left'],
    ['a reserved first length octet', '30ff', 'too many octets'],
    ['a primitive element of indefinite length', '04800000', 'a primitive element has no length'],
    ['a tag number above 30', '1f8101', 'a tag number is too high'],
    ['17 levels', nested(17), 'nested too deeply'],
    ['8000 levels', nested(8000), 'nested too deeply'],
    ['1025 elements', `3080${'0500'.repeat(1024)}0000`, 'too many elements'],
  ])('refuse %s with ENVELOPE_ENCODING_INVALID', (_, ber, reason) => {
    expect(() => parseBer(hex(ber))).toThrow(
      expect.objectContaining({
        code: 'ENVELOPE_ENCODING_INVALID',
        message: expect.stringContaining(reason),
      }),
    )
  })

  it('refuse an INTEGER as a part of an OCTET STRING with ENVELOPE_ENCODING_INVALID', () => {
    expect(() => toDer(parseBer(hex('2403020101')))).toThrow(
      expect.objectContaining({ code: 'ENVELOPE_ENCODING_INVALID' }),
    )
  })

  it('give a value or ENVELOPE_ENCODING_INVALID for any bytes, and leave DER as it is', () => {
    // Bytes that are common in BER, so that more than the first element is reached.
    const octet = fc.oneof(
      fc.constantFrom(0x00, 0x01, 0x02, 0x03, 0x04, 0x24, 0x30, 0x31, 0x80, 0x81, 0x82, 0xa0),
      fc.nat(255),
    )
    fc.assert(
      fc.property(fc.array(octet, { maxLength: 60 }), (octets) => {
        try {
          const der = toDer(parseBer(Uint8Array.from(octets)))
          expect(toDer(parseBer(der))).toEqual(der)
        } catch (error) {
          expect(error).toMatchObject({ code: 'ENVELOPE_ENCODING_INVALID' })
        }
      }),
      { numRuns: 5000 },
    )
  })
})
