import { describe, expect, it } from 'vitest'
import { isName, toNameText } from '../../src/attestation/distinguished-name.ts'
import { parseDer } from '../../src/attestation/der.ts'
import { makeName } from '../support/attestation/a-certificate.ts'
import { hex, oid, seq, set, tlv, utf8String } from '../support/attestation/der-bytes.ts'

const named = (value: Uint8Array): string => toNameText(parseDer(seq(set(seq(oid('2.5.4.3'), value)))))

describe('toNameText', () => {
  it('writes the last part first', () => {
    expect(toNameText(parseDer(makeName('a.b')))).toBe('CN=a.b,OU=AWS,O=Amazon,C=US')
  })

  it('writes an empty name as nothing', () => {
    expect(toNameText(parseDer(seq()))).toBe('')
  })

  it('joins the parts of one set, and gives types without a short name by their octets', () => {
    const both = set(seq(oid('2.5.4.3'), utf8String('a')), seq(oid('1.2.3'), utf8String('b')))
    const [first, second] = [seq(oid('1.2.3'), utf8String('b')), seq(oid('2.5.4.3'), utf8String('a'))]
    expect(() => parseDer(both)).toThrow(SyntaxError)
    expect(toNameText(parseDer(seq(set(first, second))))).toBe('oid.2a03=b+CN=a')
  })

  // RFC 4514 §2.4.
  it.each([
    ['James "Jim" Smith, III', 'CN=James \\"Jim\\" Smith\\, III'],
    [' x ', 'CN=\\ x\\ '],
    ['#1', 'CN=\\#1'],
    ['a+b=c;d<e>f\\g', 'CN=a\\+b=c\\;d\\<e\\>f\\\\g'],
    ['line\nfeed', 'CN=line\\0afeed'],
    ['\u{1b}[31m', 'CN=\\1b[31m'],
    ['Lučić', 'CN=Lu\\c4\\8di\\c4\\87'],
    ['', 'CN='],
  ])('writes %j as %s', (value, text) => {
    expect(named(utf8String(value))).toBe(text)
  })
})

describe('isName', () => {
  it.each([
    ['a SET', set()],
    ['a part that is no SET', seq(seq())],
    ['an empty part', seq(set())],
    ['an attribute that is no pair', seq(set(seq(oid('2.5.4.3'))))],
    ['an attribute of three', seq(set(seq(oid('2.5.4.3'), utf8String('a'), utf8String('b'))))],
    ['an attribute without type', seq(set(seq(utf8String('a'), utf8String('b'))))],
    ['an attribute that is a SET', seq(set(set(oid('2.5.4.3'), utf8String('a'))))],
    ['an OCTET STRING', tlv(4, hex('00'))],
  ])('does not hold for %s', (_, der) => {
    expect(isName(parseDer(der))).toBe(false)
  })
})
