import type { AttestationSpec } from '../../support/attestation/an-attestation.ts'
import { generateKeyPairSync } from 'node:crypto'
import type { Level } from '../../support/attestation/an-attestation.ts'
import { after, certificateSpec, KEYS } from '../../support/attestation/an-attestation.ts'
import type { CertificateSpec } from '../../support/attestation/a-certificate.ts'
import {
  basicConstraints,
  ECDSA_SHA256,
  KEY_USAGE_LEAF,
  makeName,
  spkiOf,
} from '../../support/attestation/a-certificate.ts'
import {
  bitString,
  boolean,
  hex,
  integer,
  octetString,
  oid,
  seq,
  set,
  time,
  tlv,
  utf8String,
} from '../../support/attestation/der-bytes.ts'
import type { Refusal } from './refusal.ts'

const certificate = (level: Level, parts: Partial<CertificateSpec>): AttestationSpec => ({
  certificates: { [level]: parts },
})
const leaf = (parts: Partial<CertificateSpec>): AttestationSpec => certificate('leaf', parts)
/** Changes the DER of one certificate, counted from the root. */
const der = (position: number, change: (der: Uint8Array) => Uint8Array): AttestationSpec => ({
  chain: (chain) => chain.map((one, index) => (index === position ? change(one) : one)),
})
const extensions = (...values: readonly Uint8Array[]): AttestationSpec =>
  leaf({ extensionsField: tlv(0xa3, seq(...values)) })
const constraints = (digits: string): AttestationSpec =>
  leaf({ extensions: [{ oid: '2.5.29.19', value: hex(digits) }, KEY_USAGE_LEAF] })
const usage = (digits: string): AttestationSpec =>
  leaf({ extensions: [basicConstraints(false), { oid: '2.5.29.15', value: hex(digits) }] })

const point = spkiOf(KEYS.leaf.publicKey).subarray(-97)
const P384 = seq(oid('1.2.840.10045.2.1'), oid('1.3.132.0.34'))
const P = hex(
  'fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff',
)
const key = (algorithm: Uint8Array, content: Uint8Array, unused = 0): AttestationSpec =>
  leaf({ spki: seq(algorithm, bitString(content, unused)) })
const spkiOn = (namedCurve: string): Uint8Array => spkiOf(generateKeyPairSync('ec', { namedCurve }).publicKey)
const explicitCurve = generateKeyPairSync('ec', { namedCurve: 'P-384', paramEncoding: 'explicit' }).publicKey

/** Replaces the two bytes of a tag and a short length by a length in two bytes, wherever the element stands. */
function lengthen(bytes: Uint8Array, element: Uint8Array): Uint8Array {
  const at = Buffer.from(bytes).indexOf(element)
  return Buffer.concat([bytes.subarray(0, at + 1), hex('81'), bytes.subarray(at + 1)])
}

/** The signed part with its validity written in a longer form, and its own length put right. */
function withLongValidity(tbs: Uint8Array): Uint8Array {
  const { notBefore, notAfter } = certificateSpec('leaf', 'instance')
  const digits = [notBefore, notAfter].map((date) =>
    date instanceof Date
      ? date
          .toISOString()
          .replaceAll(/[-:T]|\.\d+/g, '')
          .slice(2)
      : '',
  )
  return seq(lengthen(tbs.subarray(4), seq(...digits.map(time))))
}

export const CERTIFICATE_REFUSALS: readonly Refusal[] = [
  {
    code: 'CERT_NOT_DER',
    what: 'a byte after the leaf',
    spec: der(4, (one) => Buffer.concat([one, hex('00')])),
  },
  {
    code: 'CERT_NOT_DER',
    what: 'the last byte of the leaf missing',
    spec: der(4, (one) => one.subarray(0, -1)),
  },
  {
    code: 'CERT_NOT_DER',
    what: 'a long outer length',
    spec: der(4, (one) => Buffer.concat([hex('30 83 00'), one.subarray(2)])),
  },
  {
    code: 'CERT_NOT_DER',
    what: 'an indefinite outer length',
    spec: der(4, (one) => Buffer.concat([hex('30 80'), one.subarray(4), hex('00 00')])),
  },
  {
    code: 'CERT_NOT_DER',
    what: 'a long length in the signed part',
    spec: leaf({ alterTbs: withLongValidity }),
  },
  { code: 'CERT_NOT_DER', what: 'PEM', spec: der(4, () => Buffer.from('-----BEGIN CERTIFICATE-----')) },
  { code: 'CERT_NOT_DER', what: 'a zonal signed part of tag 70', spec: der(2, (one) => one.with(4, 0x70)) },
  { code: 'CERT_NOT_DER', what: 'a leaf that is a SET', spec: der(4, (one) => one.with(0, 0x31)) },
  { code: 'CERT_NOT_DER', what: 'a padded serial number', spec: leaf({ serial: hex('02 02 00 01') }) },
  { code: 'CERT_NOT_DER', what: 'an empty serial number', spec: leaf({ serial: hex('02 00') }) },
  { code: 'CERT_NOT_DER', what: 'a serial number of text', spec: leaf({ serial: utf8String('1') }) },
  { code: 'CERT_NOT_DER', what: 'two versions', spec: leaf({ version: tlv(0xa0, integer(2), integer(2)) }) },
  {
    code: 'CERT_NOT_DER',
    what: 'an algorithm of three',
    spec: leaf({ algorithm: seq(oid('1.2.3'), oid('1.2.3'), oid('1.2.3')) }),
  },
  { code: 'CERT_NOT_DER', what: 'an algorithm without OID', spec: leaf({ algorithm: seq() }) },
  { code: 'CERT_NOT_DER', what: 'a name that is a SET', spec: leaf({ subject: set() }) },
  { code: 'CERT_NOT_DER', what: 'a name with an empty part', spec: leaf({ subject: seq(set()) }) },
  {
    code: 'CERT_NOT_DER',
    what: 'a name with parts out of order',
    spec: leaf({
      subject: seq(set(seq(oid('2.5.4.4'), utf8String('a')), seq(oid('2.5.4.3'), utf8String('a')))),
    }),
  },
  {
    code: 'CERT_NOT_DER',
    what: 'a name that is no UTF-8',
    spec: leaf({ subject: seq(set(seq(oid('2.5.4.3'), tlv(0x0c, hex('ff'))))) }),
  },
  {
    code: 'CERT_NOT_DER',
    what: 'a key that is no BIT STRING',
    spec: leaf({ spki: seq(P384, octetString(point)) }),
  },
  {
    code: 'CERT_NOT_DER',
    what: 'a key of three parts',
    spec: leaf({ spki: seq(P384, bitString(point), seq()) }),
  },
  {
    code: 'CERT_NOT_DER',
    what: 'an element after the extensions',
    spec: leaf({ extensionsField: tlv(0xa4, seq()) }),
  },
  {
    code: 'CERT_NOT_DER',
    what: 'a critical flag of 01',
    spec: extensions(seq(oid('1.2.3'), hex('01 01 01'), octetString(hex('')))),
  },
  {
    code: 'CERT_NOT_DER',
    what: 'a second signature',
    spec: der(4, (one) => seq(one.subarray(4), bitString(hex('00')))),
  },
  { code: 'CERT_VERSION_UNSUPPORTED', what: 'version 1', spec: leaf({ version: hex(''), extensions: [] }) },
  { code: 'CERT_VERSION_UNSUPPORTED', what: 'version 2', spec: leaf({ version: tlv(0xa0, integer(1)) }) },
  { code: 'CERT_VERSION_UNSUPPORTED', what: 'version 4', spec: leaf({ version: tlv(0xa0, integer(3)) }) },
  { code: 'CERT_VERSION_UNSUPPORTED', what: 'version 515', spec: leaf({ version: tlv(0xa0, integer(514)) }) },
  {
    code: 'CERT_VERSION_UNSUPPORTED',
    what: 'version 1 of the zonal certificate',
    spec: certificate('zonal', { version: hex(''), extensions: [] }),
  },
  { code: 'CERT_ALGORITHM_MISMATCH', what: 'SHA-256 outside', spec: leaf({ outerAlgorithm: ECDSA_SHA256 }) },
  {
    code: 'CERT_ALGORITHM_UNSUPPORTED',
    what: 'SHA-256',
    spec: leaf({ algorithm: ECDSA_SHA256, digest: 'sha256' }),
  },
  {
    code: 'CERT_ALGORITHM_UNSUPPORTED',
    what: 'NULL as parameters',
    spec: leaf({ algorithm: seq(oid('1.2.840.10045.4.3.3'), hex('05 00')) }),
  },
  { code: 'CERT_VALIDITY_INVALID', what: 'local time', spec: leaf({ notBefore: time('260115120000+0000') }) },
  { code: 'CERT_VALIDITY_INVALID', what: 'no seconds', spec: leaf({ notBefore: time('2601151200Z') }) },
  { code: 'CERT_VALIDITY_INVALID', what: 'month 13', spec: leaf({ notBefore: time('261315120000Z') }) },
  { code: 'CERT_VALIDITY_INVALID', what: '30 February', spec: leaf({ notBefore: time('260230120000Z') }) },
  { code: 'CERT_VALIDITY_INVALID', what: '24 o’clock', spec: leaf({ notBefore: time('260114240000Z') }) },
  { code: 'CERT_VALIDITY_INVALID', what: 'minute 60', spec: leaf({ notBefore: time('260115116000Z') }) },
  { code: 'CERT_VALIDITY_INVALID', what: 'second 60', spec: leaf({ notBefore: time('260115115960Z') }) },
  {
    code: 'CERT_VALIDITY_INVALID',
    what: 'GeneralizedTime before 2050',
    spec: leaf({ notAfter: time('20260116000000Z') }),
  },
  {
    code: 'CERT_VALIDITY_INVALID',
    what: 'fractions of seconds',
    spec: leaf({ notAfter: time('20510116000000.5Z') }),
  },
  { code: 'CERT_VALIDITY_INVALID', what: 'a number', spec: leaf({ notAfter: integer(1) }) },
  {
    code: 'CERT_VALIDITY_INVALID',
    what: 'reversed',
    spec: leaf({ notBefore: after(5), notAfter: after(4) }),
  },
  { code: 'CERT_KEY_UNSUPPORTED', what: 'P-256', spec: leaf({ spki: spkiOn('P-256') }) },
  { code: 'CERT_KEY_UNSUPPORTED', what: 'P-521', spec: leaf({ spki: spkiOn('P-521') }) },
  {
    code: 'CERT_KEY_UNSUPPORTED',
    what: 'RSA',
    spec: leaf({ spki: spkiOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey) }),
  },
  {
    code: 'CERT_KEY_UNSUPPORTED',
    what: 'explicit curve parameters',
    spec: leaf({ spki: spkiOf(explicitCurve) }),
  },
  {
    code: 'CERT_KEY_POINT_INVALID',
    what: 'a point off the curve',
    spec: key(P384, point.with(96, (point[96] ?? 0) ^ 1)),
  },
  {
    code: 'CERT_KEY_POINT_INVALID',
    what: 'a compressed point',
    spec: key(P384, point.subarray(0, 49).with(0, 2 + ((point[96] ?? 0) & 1))),
  },
  {
    code: 'CERT_KEY_POINT_INVALID',
    what: 'a hybrid point',
    spec: key(P384, point.with(0, 6 + ((point[96] ?? 0) & 1))),
  },
  { code: 'CERT_KEY_POINT_INVALID', what: 'infinity', spec: key(P384, hex('00')) },
  { code: 'CERT_KEY_POINT_INVALID', what: 'no bits', spec: key(P384, hex('')) },
  {
    code: 'CERT_KEY_POINT_INVALID',
    what: 'x = p',
    spec: key(P384, Buffer.concat([hex('04'), P, point.subarray(49)])),
  },
  {
    code: 'CERT_KEY_POINT_INVALID',
    what: 'y = p',
    spec: key(P384, Buffer.concat([point.subarray(0, 49), P])),
  },
  {
    code: 'CERT_KEY_POINT_INVALID',
    what: 'an unused bit',
    spec: key(P384, point.with(96, (point[96] ?? 0) & 0xfe), 1),
  },
  {
    code: 'CERT_EXTENSION_DUPLICATE',
    what: 'basicConstraints twice',
    spec: leaf({ extensions: [basicConstraints(false), basicConstraints(true), KEY_USAGE_LEAF] }),
  },
  {
    code: 'CERT_EXTENSION_DUPLICATE',
    what: 'an unknown extension twice',
    spec: leaf({
      extensions: [KEY_USAGE_LEAF, { oid: '1.2.3', value: hex('05 00') }, { oid: '1.2.3', value: hex('') }],
    }),
  },
  { code: 'CERT_EXTENSION_INVALID', what: 'no list', spec: leaf({ extensionsField: tlv(0xa3) }) },
  {
    code: 'CERT_EXTENSION_INVALID',
    what: 'a list that is a SET',
    spec: leaf({ extensionsField: tlv(0xa3, set()) }),
  },
  { code: 'CERT_EXTENSION_INVALID', what: 'an empty list', spec: extensions() },
  {
    code: 'CERT_EXTENSION_INVALID',
    what: 'something after the list',
    spec: leaf({ extensionsField: tlv(0xa3, seq(seq(oid('1.2.3'), octetString(hex('')))), seq()) }),
  },
  { code: 'CERT_EXTENSION_INVALID', what: 'an extension that is a number', spec: extensions(integer(1)) },
  { code: 'CERT_EXTENSION_INVALID', what: 'an extension without value', spec: extensions(seq(oid('1.2.3'))) },
  {
    code: 'CERT_EXTENSION_INVALID',
    what: 'an extension of four parts',
    spec: extensions(seq(oid('1.2.3'), boolean(true), octetString(hex('')), octetString(hex('')))),
  },
  {
    code: 'CERT_EXTENSION_INVALID',
    what: 'a critical flag that is a number',
    spec: extensions(seq(oid('1.2.3'), integer(1), octetString(hex('')))),
  },
  {
    code: 'CERT_EXTENSION_INVALID',
    what: 'basicConstraints with cA 01',
    spec: constraints('30 03 01 01 01'),
  },
  { code: 'CERT_EXTENSION_INVALID', what: 'basicConstraints empty', spec: constraints('') },
  { code: 'CERT_EXTENSION_INVALID', what: 'basicConstraints a BOOLEAN', spec: constraints('01 01 ff') },
  { code: 'CERT_EXTENSION_INVALID', what: 'basicConstraints with a rest', spec: constraints('30 00 00') },
  {
    code: 'CERT_EXTENSION_INVALID',
    what: 'a negative path length',
    spec: constraints('30 06 01 01 ff 02 01 ff'),
  },
  {
    code: 'CERT_EXTENSION_INVALID',
    what: 'a path length in front of cA',
    spec: constraints('30 06 02 01 00 01 01 ff'),
  },
  { code: 'CERT_EXTENSION_INVALID', what: 'keyUsage without content', spec: usage('03 00') },
  { code: 'CERT_EXTENSION_INVALID', what: 'keyUsage without bits', spec: usage('03 01 00') },
  { code: 'CERT_EXTENSION_INVALID', what: 'keyUsage with a set unused bit', spec: usage('03 02 07 c0') },
  { code: 'CERT_EXTENSION_INVALID', what: 'keyUsage with 8 unused bits', spec: usage('03 02 08 00') },
  { code: 'CERT_EXTENSION_INVALID', what: 'keyUsage an OCTET STRING', spec: usage('04 02 06 c0') },
  {
    code: 'CERT_NOT_DER',
    what: 'an issuer that is a text',
    spec: leaf({ issuer: utf8String('CN') }),
  },
  {
    code: 'CERT_NOT_DER',
    what: 'a name part that is no pair',
    spec: leaf({ subject: seq(set(seq(oid('2.5.4.3')))) }),
  },
  {
    code: 'CERT_VERSION_UNSUPPORTED',
    what: 'version 2 although the name differs too',
    spec: leaf({ version: tlv(0xa0, integer(1)), issuer: makeName('another') }),
  },
]
