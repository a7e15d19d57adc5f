import { AsnConvert } from '@peculiar/asn1-schema'
import { Certificate } from '@peculiar/asn1-x509'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DerElement } from '../../src/attestation/der.ts'
import { derContent, derEncoding, parseDer } from '../../src/attestation/der.ts'
import { parseCertificate } from '../../src/attestation/certificate.ts'
import { makeAttestation } from '../support/attestation/an-attestation.ts'
import { hex, octetString, seq, tlv } from '../support/attestation/der-bytes.ts'

const refused: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['a tag alone', '30'],
  ['a length that says more than there is', '30 01'],
  ['a length cut off', '30 82 01'],
  ['a byte behind', '30 00 00'],
  ['the indefinite form', '30 80 00 00'],
  ['a long length under 128', '04 81 01 00'],
  [`a length of 128 with a leading zero`, `04 82 00 80 ${'00'.repeat(128)}`],
  ['a length in five octets', '04 85 00 00 00 00 01 00'],
  ['the reserved length', '30 ff'],
  ['a length of 4 GB', '04 84 ff ff ff ff'],
  ['a tag number over 30', '1f 81 00 00'],
  ['the tag of end-of-contents', '00 00'],
  ['a primitive SEQUENCE', '10 00'],
  ['a primitive SET', '11 00'],
  ['a constructed OCTET STRING', '24 03 04 01 00'],
  ['a constructed INTEGER', '22 03 02 01 00'],
  ['an inner element longer than the outer one', '30 02 04 01'],
  ['an inner length that is long', '30 04 04 81 01 00'],
  ['a BOOLEAN of 01', '01 01 01'],
  ['a BOOLEAN of two octets', '01 02 ff ff'],
  ['an empty BOOLEAN', '01 00'],
  ['an empty INTEGER', '02 00'],
  ['an INTEGER with a leading 00', '02 02 00 7f'],
  ['an INTEGER with a leading ff', '02 02 ff 80'],
  ['an ENUMERATED with a leading 00', '0a 02 00 01'],
  ['an empty BIT STRING', '03 00'],
  ['a BIT STRING with 8 unused bits', '03 02 08 00'],
  ['a BIT STRING with unused bits of nothing', '03 01 01'],
  ['a BIT STRING with a set unused bit', '03 02 01 01'],
  ['a NULL with content', '05 01 00'],
  ['an empty OBJECT IDENTIFIER', '06 00'],
  ['an OBJECT IDENTIFIER that does not end', '06 01 80'],
  ['an OBJECT IDENTIFIER with a padded part', '06 03 2a 80 01'],
  ['a UTF8String that is none', '0c 01 ff'],
  ['a SET that descends', '31 06 02 01 02 02 01 01'],
]

const taken: readonly (readonly [string, string])[] = [
  ['an empty SEQUENCE', '30 00'],
  ['a length of 128', `04 81 80 ${'00'.repeat(128)}`],
  ['a length of 256', `04 82 01 00 ${'00'.repeat(256)}`],
  ['an INTEGER of 128', '02 02 00 80'],
  ['an INTEGER of -129', '02 02 ff 7f'],
  ['an empty string of bits', '03 01 00'],
  ['a BIT STRING with 7 unused bits', '03 02 07 80'],
  ['an OBJECT IDENTIFIER with a part of two octets', '06 03 2a 86 48'],
  ['an OBJECT IDENTIFIER with an 80 inside a part', '06 03 81 80 00'],
  ['a SET with two equal elements', '31 06 02 01 01 02 01 01'],
  ['tags of other classes', 'a3 04 80 00 61 00'],
]

describe('parseDer', () => {
  it.each(refused)('refuses %s with SyntaxError', (_, digits) => {
    expect(() => parseDer(hex(digits))).toThrow(SyntaxError)
    // The same inside something else is no better.
    expect(() => parseDer(tlv(0x30, hex(digits === '' ? '30' : digits)))).toThrow(SyntaxError)
  })

  it.each(taken)('takes %s', (_, digits) => {
    expect(derEncoding(parseDer(hex(digits)))).toEqual(hex(digits))
  })

  it('takes 16 levels and refuses 17', () => {
    const nest = (levels: number): Uint8Array => (levels === 0 ? hex('') : seq(nest(levels - 1)))
    expect(() => parseDer(nest(16))).not.toThrow()
    expect(() => parseDer(nest(17))).toThrow(SyntaxError)
    expect(() => parseDer(nest(300))).toThrow(SyntaxError)
  })

  it('answers an element or SyntaxError for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          expect(derEncoding(parseDer(bytes))).toEqual(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError)
        }
      }),
      { numRuns: 2000 },
    )
  })

  const tree = fc.letrec<{ node: Uint8Array }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 5 },
      fc.uint8Array({ maxLength: 200 }).map(octetString),
      fc.array(tie('node'), { maxLength: 5 }).map((nodes) => seq(...nodes)),
      fc.array(tie('node'), { maxLength: 3 }).map((nodes) => tlv(0xa1, ...nodes)),
    ),
  })).node

  /** Writes what was read once more, from contents and children only. */
  const rewrite = (element: DerElement): Uint8Array =>
    (element.tag & 0x20) === 0
      ? tlv(element.tag, derContent(element))
      : tlv(element.tag, ...element.children.map(rewrite))

  it('reads what a writer of its own writes', () => {
    fc.assert(
      fc.property(tree, (bytes) => {
        expect(rewrite(parseDer(bytes))).toEqual(bytes)
      }),
    )
  })

  it('lets no flipped bit of a tree pass for the same tree', () => {
    fc.assert(
      fc.property(tree, fc.nat(), (bytes, bit) => {
        const at = (bit >> 3) % bytes.length
        const flipped = bytes.with(at, (bytes[at] ?? 0) ^ (1 << (bit & 7)))
        try {
          expect(rewrite(parseDer(flipped))).toEqual(flipped)
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError)
        }
      }),
    )
  })
})

describe('the reader of certificates, with another reader as witness', () => {
  const { chain } = makeAttestation()

  it.each(chain.map((der, index) => [index, der] as const))('agrees on certificate %i', (_, der) => {
    const own = parseCertificate(der, 'x')
    const { tbsCertificate: other } = AsnConvert.parse(der, Certificate)
    expect(Buffer.from(own.serialNumber).equals(Buffer.from(other.serialNumber))).toBe(true)
    expect(own.issuer).toEqual(new Uint8Array(AsnConvert.serialize(other.issuer)))
    expect(own.subject).toEqual(new Uint8Array(AsnConvert.serialize(other.subject)))
    expect(own.validity).toEqual({
      notBefore: other.validity.notBefore.getTime(),
      notAfter: other.validity.notAfter.getTime(),
    })
    expect(own.version).toBe(other.version + 1)
    expect(own.extensions.critical).toHaveLength(
      (other.extensions ?? []).filter(({ critical }) => critical).length,
    )
  })
})
