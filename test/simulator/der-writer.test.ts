import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import { AlgorithmIdentifier } from '@peculiar/asn1-x509'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toHex } from '../../src/core/bytes.ts'
import {
  DER_TAG,
  der,
  derBitString,
  derObjectIdentifier,
  derSequence,
  derTime,
  derUnsigned,
} from '../../src/simulator/der-writer.ts'

describe('the DER writer', () => {
  it.each([
    [[], '020100'],
    [[0, 0], '020100'],
    [[0x7f], '02017f'],
    [[0x80], '02020080'],
    [[0, 0x7f], '02017f'],
    [[0xff, 0x00], '020300ff00'],
  ])('writes the unsigned number %j as %s', (bytes, hex) => {
    expect(toHex(derUnsigned(Uint8Array.from(bytes)))).toBe(hex)
  })

  it.each([0, 1, 127, 128, 255, 256, 65_535, 65_536])(
    'writes %i bytes that @peculiar/asn1-schema reads',
    (length) => {
      const content = new Uint8Array(length).fill(7)
      const encoded = der(DER_TAG.octetString, content)
      expect(new Uint8Array(AsnConvert.parse(encoded, OctetString).buffer)).toEqual(content)
      expect(toHex(new Uint8Array(AsnConvert.serialize(new OctetString(content))))).toBe(toHex(encoded))
    },
  )

  it('writes object identifiers that @peculiar/asn1-x509 reads', () => {
    const arcs = fc.tuple(
      fc.constantFrom('1', '2'),
      fc.nat({ max: 39 }),
      fc.array(fc.nat({ max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 8 }),
    )
    fc.assert(
      fc.property(arcs, ([first, second, rest]) => {
        const dotted = [first, second, ...rest].join('.')
        const encoded = derSequence(derObjectIdentifier(dotted))
        expect(AsnConvert.parse(encoded, AlgorithmIdentifier).algorithm).toBe(dotted)
      }),
    )
  })

  it.each([
    ['2049-12-31T23:59:59Z', '170d3439313233313233353935395a'],
    ['2050-01-01T00:00:00Z', '180f32303530303130313030303030305a'],
    ['2026-01-02T03:04:05.678Z', '170d3236303130323033303430355a'],
  ])('writes %s as RFC 5280 section 4.1.2.5 demands', (time, hex) => {
    expect(toHex(derTime(new Date(time)))).toBe(hex)
  })

  it('writes bit strings with the number of bits that mean nothing', () => {
    expect(toHex(derBitString(Uint8Array.of(0x86), 1))).toBe('03020186')
  })
})
