import type { CertificateSpec } from '../../support/attestation/a-certificate.ts'
import {
  basicConstraints,
  KEY_USAGE_CA,
  makeCertificate,
  spkiOf,
} from '../../support/attestation/a-certificate.ts'
import type { AttestationSpec } from '../../support/attestation/an-attestation.ts'
import { certificateSpec, KEYS } from '../../support/attestation/an-attestation.ts'
import {
  bitString,
  hex,
  integer,
  octetString,
  oid,
  seq,
  set,
  time,
  tlv,
} from '../../support/attestation/der-bytes.ts'
import { unsafeEvaluationTime } from '../../../src/attestation/verify-options.ts'
import type { Acceptance, Refusal } from './refusal.ts'

/*
 * Certificates whose bytes are wrong in places where a lenient reader would not look, or at the very edge of what a check
 * lets through.
 */

const leaf = (parts: Partial<CertificateSpec>): AttestationSpec => ({ certificates: { leaf: parts } })
/** A leaf whose subject has one attribute with an odd type or value. */
const attribute = (type: Uint8Array, value: Uint8Array): AttestationSpec =>
  leaf({ subject: seq(set(seq(type, value))) })
const value = (encoded: Uint8Array): AttestationSpec => attribute(oid('2.5.4.3'), encoded)

const extensions = (...parts: readonly Uint8Array[]): AttestationSpec =>
  leaf({ extensionsField: tlv(0xa3, seq(seq(...parts))) })
const GOOD_ATTRIBUTE = seq(oid('2.5.4.3'), hex('0c 01 61'))
/** So many sequences in one another. An attribute's value is the sixth element from outside. */
const nested = (levels: number): Uint8Array => (levels === 0 ? new Uint8Array() : seq(nested(levels - 1)))
/** Certificates that are valid from 1950 to 9999, but for what is said of the root. */
const longLived = (root: Partial<CertificateSpec>): AttestationSpec => {
  const always = { notBefore: time('500101000000Z'), notAfter: time('99991231235959Z') }
  const below = { regional: always, zonal: always, instance: always, leaf: always }
  return { certificates: { ...below, root: { ...always, ...root } } }
}

const P384 = seq(oid('1.2.840.10045.2.1'), oid('1.3.132.0.34'))
const key = (content: Uint8Array, unused = 0): AttestationSpec =>
  leaf({ spki: seq(P384, bitString(content, unused)) })

/** The field of P-384 (SP 800-186 §3.2.1.4) and two points of the curve y² = x³ − 3x + b with a tiny coordinate. */
const P = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn
const Y_AT_0 =
  0xc306610fb0ae5a159cf45c06069f22a6c5eb3641c602d42dea2c4b4f75550793406d80d2b91ad54f9048bd487af1ade1n
const X_AT_1 =
  0x2261b2bf605c22f2f3aef6338719b2c486388ad5240719a5257315969ef01ba27f0a104c89704773a81fdabee6ab5c78n
const fieldElement = (number: bigint): Uint8Array => hex(number.toString(16).padStart(96, '0'))
const uncompressed = (x: Uint8Array, y: Uint8Array): Uint8Array => Buffer.concat([hex('04'), x, y])

/** The point of the leaf's key, or its mirror image, whichever has an even y. */
function evenPoint(): Uint8Array {
  const point = spkiOf(KEYS.leaf.publicKey).subarray(-97)
  const y = BigInt(`0x${Buffer.from(point.subarray(49)).toString('hex')}`)
  return uncompressed(point.subarray(1, 49), fieldElement(y % 2n === 0n ? y : P - y))
}

/** A good leaf but for its signature, which says that its last bit, a zero, does not count. */
function leafWithUnusedBit(): Uint8Array {
  for (let serial = 1; ; serial++) {
    const der = makeCertificate({ ...certificateSpec('leaf', 'instance'), serial: integer(serial) })
    // The signature is the last element: tag, length in one octet, the number of unused bits, the bits.
    const length = [...der.keys()].find((at) => at > der.length - 120 && der[at] === der.length - at - 1) ?? 0
    const isEven = (der.at(-1) ?? 1) % 2 === 0
    if (isEven && der[length - 1] === 0x03 && der[length + 1] === 0) return der.with(length + 1, 1)
  }
}

const extensionsOf = (parts: Partial<CertificateSpec>): AttestationSpec => ({ certificates: { root: parts } })
const pathLength = (digits: string): AttestationSpec =>
  extensionsOf({ extensions: [{ oid: '2.5.29.19', critical: true, value: hex(digits) }, KEY_USAGE_CA] })

export const CERTIFICATE_BYTES_REFUSALS: readonly Refusal[] = [
  ...(
    [
      ['a leaf of a private tag', { chain: (all) => all.with(4, (all[4] ?? hex('')).with(0, 0xe0)) }],
      ['a validity of one time', leaf({ notAfter: hex('') })],
      ['an empty validity', leaf({ notBefore: hex(''), notAfter: hex('') })],
      ['a key without its bits', leaf({ spki: seq(P384) })],
      ['a key whose algorithm has no OID', leaf({ spki: seq(seq(), bitString(hex('04'))) })],
      ['a key whose algorithm is a SET', leaf({ spki: seq(set(oid('1.2.3')), bitString(hex('04'))) })],
      ['an attribute type with a padded number', attribute(hex('06 04 55 04 80 03'), hex('0c 01 61'))],
      ['an attribute type without an end', attribute(hex('06 03 55 04 83'), hex('0c 01 61'))],
      ['a padded ENUMERATED', value(hex('0a 02 00 01'))],
      ['a constructed UTF8String', value(tlv(0x2c, hex('0c 01 61')))],
      ['a primitive SEQUENCE', value(hex('10 00'))],
      ...['00', '08', '0b', '0f', '1d'].map(
        (tag) => [`a value of the unused tag ${tag}`, value(hex(`${tag} 01 61`))] as const,
      ),
      ['a length of 128 in one octet', value(Buffer.concat([hex('0c 80'), Buffer.alloc(128, 'a')]))],
      ['a value that ends outside its attribute', value(hex('0c 02 61'))],
      ['a lone continuation octet', value(hex('0c 01 80'))],
      ['an empty BIT STRING', value(seq(hex('03 00'), hex('05 00')))],
      ['an attribute type that ends in 80', attribute(hex('06 04 55 04 81 80'), hex('0c 01 61'))],
      ['an empty attribute type', attribute(hex('06 00'), hex('0c 01 61'))],
      ['a critical flag of two octets', extensions(oid('1.2.3'), hex('01 02 ff ff'), octetString(hex('')))],
      ...['00 7f', 'ff 80', 'ff ff'].map(
        (digits) =>
          [`a serial number padded to ${digits}`, leaf({ serial: hex(`02 02 ${digits}`) })] as const,
      ),
      ['a value of tag 31', value(hex('1f 01 61'))],
      ['a length of 127 in two octets', value(Buffer.concat([hex('0c 81 7f'), Buffer.alloc(127, 'a')]))],
      ['a length of 255 in three octets', value(Buffer.concat([hex('0c 82 00 ff'), Buffer.alloc(255, 'a')]))],
      ['a good and a bad part of a name', leaf({ subject: seq(set(GOOD_ATTRIBUTE), seq()) })],
      ['a part of a name that is no SET', leaf({ subject: seq(seq(GOOD_ATTRIBUTE)) })],
      ['a bad and a good attribute', leaf({ subject: seq(set(seq(oid('2.5.4.3')), GOOD_ATTRIBUTE)) })],
      ['an attribute whose type is no OID', attribute(hex('0c 01 61'), hex('0c 01 61'))],
      [
        'an attribute that is no SEQUENCE',
        leaf({ subject: seq(set(tlv(0xa0, oid('2.5.4.3'), hex('0c 01 61')))) }),
      ],
      ['a value seventeen deep', value(nested(12))],
    ] satisfies readonly (readonly [string, AttestationSpec])[]
  ).map(([what, spec]): Refusal => ({ code: 'CERT_NOT_DER', what, spec })),
  {
    code: 'CERT_VALIDITY_INVALID',
    what: 'a character after the time',
    spec: leaf({ notAfter: tlv(0x18, Buffer.from('20510116000000ZZ')) }),
  },
  {
    code: 'CERT_VALIDITY_INVALID',
    what: 'a UTCTime with a century',
    spec: leaf({ notAfter: tlv(0x17, Buffer.from('20510116000000Z')) }),
  },
  {
    code: 'CERT_VALIDITY_INVALID',
    what: 'a GeneralizedTime without one',
    spec: leaf({ notAfter: tlv(0x18, Buffer.from('490116000000Z')) }),
  },
  {
    code: 'CERT_VALIDITY_INVALID',
    what: 'GeneralizedTime in 2049',
    spec: leaf({ notAfter: tlv(0x18, Buffer.from('20491231235959Z')) }),
  },
  {
    code: 'CERT_VALIDITY_INVALID',
    what: 'no first time of two',
    spec: leaf({ notBefore: tlv(0x17, hex('')) }),
  },
  ...[
    ['a colon for a digit', '26011511580:Z'],
    ['a slash for a digit', '26011511581/Z'],
    ['a colon for a ten', ':00115115800Z'],
    ['a slash for a ten', '/00115115800Z'],
    ['another end than Z', '260115115800Y'],
    ['another end than Z, and one more', '2601151158000'],
    ['second 60 within the hour', '260115115860Z'],
    ['30 February of a year that is over', '250230120000Z'],
    ['month 13 of a year that is over', '241315120000Z'],
    ['24 o’clock of a day that is over', '260113240000Z'],
  ].map(([what = '', text = '']): Refusal => ({
    code: 'CERT_VALIDITY_INVALID',
    what,
    spec: leaf({ notBefore: tlv(0x17, Buffer.from(text)) }),
  })),
  {
    code: 'CERT_VALIDITY_INVALID',
    what: 'a beginning before 1970 and no readable end',
    spec: leaf({ notBefore: time('500101000000Z'), notAfter: time('5001010000Z') }),
  },
  {
    code: 'CHAIN_EXPIRED',
    what: 'a root until 1999, in 2000',
    spec: longLived({ notAfter: time('991231235959Z') }),
    options: { [unsafeEvaluationTime]: new Date('2000-06-01T00:00:00Z') },
  },
  {
    code: 'DOCUMENT_FROM_FUTURE',
    what: 'a document of 2026 under a root until 1999, in 1999',
    spec: longLived({ notAfter: time('991231235959Z') }),
    options: { [unsafeEvaluationTime]: new Date('1999-06-01T00:00:00Z') },
  },
  {
    code: 'CHAIN_EXPIRED',
    what: 'a root until 2051, in 2052',
    spec: longLived({ notAfter: time('20511231235959Z') }),
    options: { [unsafeEvaluationTime]: new Date('2052-06-01T00:00:00Z') },
  },
  { code: 'CERT_KEY_POINT_INVALID', what: 'an unused bit behind an even y', spec: key(evenPoint(), 1) },
  {
    code: 'CERT_KEY_POINT_INVALID',
    what: 'x = 0 written as p',
    spec: key(uncompressed(fieldElement(P), fieldElement(Y_AT_0))),
  },
  {
    code: 'CERT_KEY_POINT_INVALID',
    what: 'y = 1 written as p + 1',
    spec: key(uncompressed(fieldElement(X_AT_1), fieldElement(P + 1n))),
  },
  {
    code: 'CERT_KEY_POINT_INVALID',
    what: 'y = 1 in one byte',
    spec: key(uncompressed(fieldElement(X_AT_1), hex('01'))),
  },
  {
    code: 'CERT_EXTENSION_INVALID',
    what: 'an extension of another tag',
    spec: leaf({ extensionsField: tlv(0xa3, seq(tlv(0xa0, oid('1.2.3'), octetString(hex(''))))) }),
  },
  {
    code: 'CERT_EXTENSION_INVALID',
    what: 'a path length of -128',
    spec: pathLength('30 06 01 01 ff 02 01 80'),
  },
  {
    code: 'CHAIN_SIGNATURE_INVALID',
    what: 'a bit of the signature that does not count',
    spec: { chain: (all) => all.with(4, leafWithUnusedBit()) },
  },
]

/** Certificates at the edge of what must be accepted. */
export const CERTIFICATE_BYTES_ACCEPTANCES: readonly Acceptance[] = [
  ['a value of tag 30, BMPString', value(hex('1e 02 00 61'))],
  [
    'a part of a name with two attributes',
    leaf({ subject: seq(set(GOOD_ATTRIBUTE, seq(oid('2.5.4.4'), hex('0c 01 61')))) }),
  ],
  ['a part of a name with one attribute twice', leaf({ subject: seq(set(GOOD_ATTRIBUTE, GOOD_ATTRIBUTE)) })],
  [
    'a root until 2051, in 2050',
    longLived({ notAfter: time('20511231235959Z') }),
    { [unsafeEvaluationTime]: new Date('2050-06-01T00:00:00Z') },
  ],
  ['a value sixteen deep', value(nested(11))],
  ['a subject beyond ASCII', value(tlv(0x0c, Buffer.from('Zürich \u007f')))],
  ['an attribute type with 80 inside a number', attribute(hex('06 05 55 04 81 80 01'), hex('0c 01 61'))],
  ['an attribute type that ends in 7f', attribute(hex('06 03 55 04 7f'), hex('0c 01 61'))],
  ...['00 80', 'ff 7f', 'fe 80'].map(
    (digits) => [`a serial number of ${digits}`, leaf({ serial: hex(`02 02 ${digits}`) })] as const,
  ),
  ['a path length of 127', pathLength('30 06 01 01 ff 02 01 7f')],
  ['a subject of 127 characters', value(tlv(0x0c, Buffer.alloc(127, 'a')))],
  ['a subject of 128 characters', value(tlv(0x0c, Buffer.alloc(128, 'a')))],
  ['a leaf of 1024 bytes', { chain: (all) => all.with(4, leafOfSize(1024)) }],
  ['a bundle of eight certificates', { chain: ([root = hex('')]) => bundleOfEight(root) }],
]

/** A good leaf that an extension nobody has to know makes as long as wanted. */
function leafOfSize(length: number): Uint8Array {
  const spec = certificateSpec('leaf', 'instance')
  const filled = (size: number): Uint8Array => {
    const extension = { oid: '1.2.3.4', value: new Uint8Array(size) }
    return makeCertificate({ ...spec, extensions: [...spec.extensions, extension] })
  }
  const guess = 500
  const size = guess + length - filled(guess).length
  // One signature is a byte or two longer than another, so it is signed until the length is right.
  for (;;) {
    const der = filled(size)
    if (der.length === length) return der
  }
}

/** The root, seven regional certificates that issue one another, and a leaf below the last. */
function bundleOfEight(root: Uint8Array): readonly Uint8Array[] {
  const authority = { extensions: [basicConstraints(true), KEY_USAGE_CA] }
  const regional = Array.from({ length: 7 }, (_, index) => {
    const spec = certificateSpec('regional', index === 0 ? 'root' : 'regional')
    return makeCertificate({ ...spec, ...authority, serial: integer(index + 1) })
  })
  return [root, ...regional, makeCertificate(certificateSpec('leaf', 'regional'))]
}
