import { describe, expect, it, vi } from 'vitest'
import { parseCertificate } from '../../src/attestation/certificate.ts'
import { checkCertificates } from '../../src/attestation/certificate-checks.ts'
import { walkCbor } from '../../src/attestation/cbor-walk.ts'
import { parseCoseSign1 } from '../../src/attestation/cose-sign1.ts'
import { parseDer } from '../../src/attestation/der.ts'
import { parseDocument } from '../../src/attestation/document.ts'
import { isDerSignature } from '../../src/attestation/ecdsa-signature.ts'
import { parseRecipientKey } from '../../src/attestation/recipient-key.ts'
import { parseTrustAnchor } from '../../src/attestation/trust-anchor.ts'
import type { VerifiedAttestation } from '../../src/attestation/verified-attestation.ts'
import type { CertificateSpec } from '../support/attestation/a-certificate.ts'
import { makeCertificate } from '../support/attestation/a-certificate.ts'
import { certificateSpec } from '../support/attestation/an-attestation.ts'
import { array, bytes, concat, longHead, map, text, uint } from '../support/attestation/cbor-bytes.ts'
import { codeOf } from '../support/attestation/code-of.ts'
import { extensionOf } from '../support/attestation/certificate-recipe.ts'
import {
  hex,
  integer,
  octetString,
  oid,
  seq,
  set,
  tlv,
  utf8String,
} from '../support/attestation/der-bytes.ts'
import { equalPrefixMap, repeat, wideArray, wideMap } from '../support/attestation/hostile-sizes.ts'
import { rsaSpki, TEST_MODULUS } from '../support/attestation/rsa-spki.ts'

/*
 * The readers by themselves, without the limits of size in front of them. Of parts that are many there are so many that
 * a reader whose work grows with their square would not be done in the time that a test has.
 */

const MILLION = 1_000_000
const MANY = 200_000
const fill = (octet: number, length = MILLION): Uint8Array => new Uint8Array(length).fill(octet)

describe('the reader of CBOR takes', () => {
  it('a map of a million numbers, which are no names of fields', () => {
    expect(codeOf(() => parseDocument(wideMap(MILLION)))).toBe('DOCUMENT_KEY_INVALID')
  })

  it('a map of 100,000 long keys with one beginning, which are no fields of a document', () => {
    expect(codeOf(() => parseDocument(equalPrefixMap(100_000, 60)))).toBe('DOCUMENT_KIND_UNKNOWN')
  })

  it.each([
    ['a million empty arrays', 0x80, MILLION],
    ['200,000 empty maps', 0xa0, MANY],
    ['200,000 empty texts', 0x60, MANY],
    ['200,000 zeros', 0x00, MANY],
  ])('%s in an array', (_, item, count) => {
    expect(walkCbor(wideArray(count, item)).items).toHaveLength(count)
  })

  it('a text and a byte string of a million bytes', () => {
    expect(walkCbor(text('x'.repeat(MILLION))).end).toBe(MILLION + 5)
    expect(walkCbor(bytes(fill(0))).end).toBe(MILLION + 5)
  })
})

describe('numbers from the wire', () => {
  // The engine hashes numbers in a known manner, so that keys can be chosen which fill a Map in time by their square.
  const wide = wideMap(1000)
  const header = concat(hex('b903e9013822'), wide.subarray(3))

  it.each([
    ['as names of fields', 'DOCUMENT_KEY_INVALID', documentOf(wide)],
    ['as indexes of PCRs', 'DOCUMENT_PCR_COUNT_INVALID', documentOf(payloadWith('pcrs', wide))],
    [
      'in the value of a PCR',
      'DOCUMENT_PCR_VALUE_INVALID',
      documentOf(payloadWith('pcrs', map([[uint(0), wide]]))),
    ],
    ['in an unknown field', 'DOCUMENT_KIND_UNKNOWN', documentOf(payloadWith('x', wide))],
    ['in a certificate', 'DOCUMENT_FIELD_TYPE_INVALID', documentOf(payloadWith('certificate', wide))],
    ['as labels', 'DOCUMENT_NOT_A_MAP', documentOf(hex('00'), header)],
  ])('%s never become keys of a Map', (_, code, input) => {
    const put = vi.spyOn(Map.prototype, 'set')
    try {
      expect(codeOf(() => parseDocument(parseCoseSign1(input).payload))).toBe(code)
      expect(put.mock.calls.filter(([key]) => typeof key !== 'string')).toEqual([])
    } finally {
      put.mockRestore()
    }
  })
})

/** A document with such content, one field of which may have another value. */
function payloadWith(name: string, value: Uint8Array): Uint8Array {
  const fields: readonly (readonly [string, Uint8Array])[] = [
    ['module_id', text('a')],
    ['digest', text('SHA384')],
    ['timestamp', uint(1)],
    ['certificate', bytes(hex('00'))],
    ['cabundle', array(bytes(hex('00')))],
    ...(name === 'certificate' ? [['pcrs', map([])] as const] : []),
  ]
  return map(
    [...fields.filter(([field]) => field !== name), [name, value] as const].map(([field, item]) => [
      text(field),
      item,
    ]),
  )
}

function documentOf(payload: Uint8Array, header = hex('a1013822')): Uint8Array {
  return array(bytes(header), hex('a0'), bytes(payload), bytes(fill(1, 96)))
}

/** What is refused, with the code. */
const REFUSED: readonly (readonly [string, string, Uint8Array])[] = [
  ['256 KiB of zeros', 'CBOR_TRAILING_BYTES', fill(0, 262_144)],
  ['a million arrays in one another', 'CBOR_DEPTH_EXCEEDED', fill(0x81)],
  ['a million arrays without end in one another', 'CBOR_DEPTH_EXCEEDED', fill(0x9f)],
  ['a million maps in one another', 'CBOR_DEPTH_EXCEEDED', repeat(hex('a100'), MILLION)],
  ['a million maps without end in one another', 'CBOR_DEPTH_EXCEEDED', fill(0xbf)],
  ['a million tags in one another', 'CBOR_TAG_UNEXPECTED', fill(0xc6)],
  ['a million tags of two bytes', 'CBOR_TAG_UNEXPECTED', repeat(hex('d845'), MILLION)],
  ['an array without end of 200,000 items', 'CBOR_TRUNCATED', concat(hex('9f'), fill(0x01, MANY))],
  ['a map without end of 200,000 entries', 'CBOR_TRUNCATED', wideMap(MANY).with(4, 0xbf).subarray(4)],
  ['a map without end of one key over and over', 'CBOR_DUPLICATE_KEY', concat(hex('bf'), fill(0))],
  [
    'a million chunks of a byte string',
    'CBOR_INDEFINITE_STRING',
    concat(hex('5f'), repeat(hex('4100'), MILLION)),
  ],
  ['a million breaks', 'CBOR_MALFORMED', fill(0xff)],
  ['a count of one more than there is', 'CBOR_TRUNCATED', concat(longHead(4, MILLION + 1, 4), fill(0))],
  ['pairs of which the last has no value', 'CBOR_TRUNCATED', wideMap(MANY).subarray(0, -1)],
  ['a count of 2^63', 'CBOR_TRUNCATED', concat(longHead(4, 2n ** 63n, 8), fill(0))],
  ['a length of 2^64 - 1', 'CBOR_TRUNCATED', concat(longHead(2, 2n ** 64n - 1n, 8), fill(0))],
  [
    'a million bytes of text with a fault at the end',
    'CBOR_TEXT_INVALID',
    concat(longHead(3, MILLION, 4), fill(0x61, MILLION - 1), hex('ff')),
  ],
]

describe('the reader of CBOR refuses', () => {
  it.each(REFUSED)('%s: %s', (_, code, input) => {
    expect(codeOf(() => walkCbor(input))).toBe(code)
  })
})

const DER_NULL = hex('0500')

describe('the reader of DER', () => {
  it.each([
    ['a SEQUENCE of a million elements', seq(repeat(DER_NULL, MILLION)), MILLION],
    ['a SET of 200,000 elements', set(repeat(DER_NULL, MANY)), MANY],
    ['a SET of 20 elements of a million bytes', set(repeat(octetString(fill(0)), 20)), 20],
    ['a constructed element of 200,000 empty ones', tlv(0xa0, repeat(hex('3000'), MANY)), MANY],
  ])('takes %s', (_, input, count) => {
    expect(parseDer(input).children).toHaveLength(count)
  })

  it.each([
    ['an INTEGER', tlv(0x02, fill(1))],
    ['an OBJECT IDENTIFIER of one number', tlv(0x06, fill(0x81).with(MILLION - 1, 1))],
    ['an OBJECT IDENTIFIER of a million numbers', tlv(0x06, fill(1))],
    ['a BIT STRING', tlv(0x03, fill(0))],
    ['a UTF8String', utf8String('é'.repeat(MILLION / 2))],
  ])('takes %s of a million octets', (_, input) => {
    expect(parseDer(input).end).toBe(input.length)
  })

  it.each([
    ['a million SEQUENCEs that say they are as long as what is left', repeat(hex('3083ffffff'), MILLION)],
    ['a million SEQUENCEs of indefinite length', repeat(hex('3080'), MILLION)],
    [
      'a SET of a million elements, the last out of order',
      set(repeat(hex('040101'), MILLION), hex('040100')),
    ],
    ['100,000 levels', nested(100_000)],
    ['an OBJECT IDENTIFIER that does not end', tlv(0x06, fill(0x81))],
  ])('refuses %s with SyntaxError', (_, input) => {
    expect(() => parseDer(input)).toThrow(SyntaxError)
  })
})

/** SEQUENCEs in one another, each of the right length. */
function nested(levels: number): Uint8Array {
  const heads: Uint8Array[] = []
  let length = 0
  for (let level = 0; level < levels; level++) {
    const head =
      length < 128
        ? [0x30, length]
        : length < 256
          ? [0x30, 0x81, length]
          : length < 65_536
            ? [0x30, 0x82, length >> 8, length & 255]
            : [0x30, 0x83, length >> 16, (length >> 8) & 255, length & 255]
    heads.push(Uint8Array.from(head))
    length += head.length
  }
  return concat(...heads.toReversed())
}

const root = certificateSpec('root', 'root')
const codeFor = (spec: Partial<CertificateSpec>): string | null =>
  codeOf(() => {
    const certificate = parseCertificate(makeCertificate({ ...root, ...spec }), 'test')
    checkCertificates({ bundle: [], leaf: { place: 'test', certificate } })
  })

const COUNT = 20_000
const manyExtensions = (id: (index: number) => string): Uint8Array =>
  tlv(0xa3, seq(...Array.from({ length: COUNT }, (_, index) => extensionOf(id(index), hex('')))))
const nameOf = (...attributes: readonly Uint8Array[]): Uint8Array => seq(set(...attributes))
const attribute = (value: string): Uint8Array => seq(oid('2.5.4.3'), utf8String(value))
const extra = (id: string, value: Uint8Array): Partial<CertificateSpec> => ({
  extensionsField: tlv(0xa3, seq(extensionOf(id, value))),
})

describe('the reader of certificates', () => {
  it.each<[string, string | null, Partial<CertificateSpec>]>([
    ['20,000 extensions', null, { extensionsField: manyExtensions((index) => `1.2.${index}`) }],
    [
      'one extension 20,000 times',
      'CERT_EXTENSION_DUPLICATE',
      { extensionsField: manyExtensions(() => '1.2.3') },
    ],
    ['an extension of a million bytes', null, extra('1.2.3', fill(0))],
    ['a path length of a million octets', null, extra('2.5.29.19', seq(hex('0101ff'), tlv(2, fill(1))))],
    [
      'basicConstraints of 200,000 elements',
      'CERT_EXTENSION_INVALID',
      extra('2.5.29.19', seq(repeat(DER_NULL, MANY))),
    ],
    ['keyUsage of a million octets', null, extra('2.5.29.15', tlv(3, fill(0)))],
    ['a name of 20,000 parts', null, { subject: seq(repeat(set(attribute('a b')), COUNT)) }],
    ['a name with 20,000 values in one part', null, { subject: nameOf(repeat(attribute('a b'), COUNT)) }],
    ['a name of a million plain characters', null, { subject: nameOf(attribute('a'.repeat(MILLION))) }],
    ['a name of 200,000 characters to be escaped', null, { subject: nameOf(attribute('\n'.repeat(MANY))) }],
    [
      'a name whose type has a million octets',
      null,
      { subject: nameOf(seq(tlv(6, fill(1)), utf8String('a'))) },
    ],
    ['a serial number of a million octets', null, { serial: tlv(2, fill(1)) }],
    ['a version of a million octets', 'CERT_VERSION_UNSUPPORTED', { version: tlv(0xa0, tlv(2, fill(1))) }],
    ['a time of a million octets', 'CERT_VALIDITY_INVALID', { notAfter: tlv(0x17, fill(0x30)) }],
    ['a key of a million octets', 'CERT_KEY_UNSUPPORTED', { spki: seq(seq(oid('1.2.3')), tlv(3, fill(0))) }],
    [
      'an algorithm with a million octets of parameters',
      'CERT_ALGORITHM_UNSUPPORTED',
      { algorithm: seq(oid('1.2.840.10045.4.3.3'), octetString(fill(0))) },
    ],
  ])('given %s answers %s', (_, code, spec) => {
    expect(codeFor(spec)).toBe(code)
  })

  it('takes no signature of a million octets for one in range', () => {
    expect(isDerSignature(seq(tlv(2, fill(1)), integer(1)))).toBe(false)
    expect(isDerSignature(seq(integer(1), integer(1), repeat(DER_NULL, MANY)))).toBe(false)
  })
})

describe('the reader of recipient keys', () => {
  // The one field of an attestation that is read here; nothing else of it is looked at.
  const attested = (publicKey: Uint8Array): VerifiedAttestation =>
    ({ publicKey }) as unknown as VerifiedAttestation
  const HUGE = 2n ** BigInt(8 * 262_144 - 1) + 1n

  it.each<[string, string, Uint8Array]>([
    ['a modulus of 262,144 bytes', 'RECIPIENT_KEY_SIZE_UNSUPPORTED', rsaSpki(HUGE)],
    ['an exponent of 262,144 bytes', 'RECIPIENT_KEY_EXPONENT_UNSAFE', rsaSpki(TEST_MODULUS, HUGE)],
    ['both of 262,144 bytes', 'RECIPIENT_KEY_SIZE_UNSUPPORTED', rsaSpki(HUGE, HUGE)],
    [
      'another algorithm with a key of a million bytes',
      'RECIPIENT_KEY_NOT_RSA',
      seq(seq(oid('1.2.3')), tlv(3, fill(0))),
    ],
    ['a key of 200,000 elements', 'RECIPIENT_KEY_NOT_SPKI', seq(repeat(DER_NULL, MANY))],
  ])('refuses %s: %s', (_, code, spki) => {
    expect(codeOf(() => parseRecipientKey(attested(spki)))).toBe(code)
  })
})

describe('the reader of trust anchors', () => {
  const label = { name: 'a root', partitions: ['aws'], source: 'root.pem' } as const
  const BEGIN = '-----BEGIN CERTIFICATE-----'
  const END = '-----END CERTIFICATE-----'

  it.each([
    ['white space', ' \n'.repeat(MILLION)],
    ['a block of white space', BEGIN + '\n'.repeat(MILLION) + END],
    ['a block of white space without end', BEGIN + '\n'.repeat(MILLION)],
    [
      'a block of letters and white space that ends in another way',
      `${BEGIN}\n${'A \n'.repeat(MILLION)}-----END`,
    ],
    ['a block of letters', `${BEGIN}\n${'A'.repeat(MILLION)}\n${END}`],
    ['a block of padding', `${BEGIN}\n${'='.repeat(MILLION)}\n${END}`],
    ['first lines', `${BEGIN}\n`.repeat(100_000)],
    ['first and last lines', `${BEGIN}\n${END}\n`.repeat(50_000)],
    ['hyphens', '-'.repeat(MILLION)],
    ['white space around a block', `${' '.repeat(MILLION)}${BEGIN}\nAAAA\n${END}${' '.repeat(MILLION)}`],
  ])('refuses a megabyte of %s with CERT_NOT_DER', (_, content) => {
    expect(codeOf(() => parseTrustAnchor(Buffer.from(content), label))).toBe('CERT_NOT_DER')
  })
})
