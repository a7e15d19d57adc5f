import type { AttestationSpec } from '../../support/attestation/an-attestation.ts'
import { concat, longHead } from '../../support/attestation/cbor-bytes.ts'
import { hex } from '../../support/attestation/der-bytes.ts'
import type { Refusal } from './refusal.ts'

const input = (change: (input: Uint8Array) => Uint8Array): AttestationSpec => ({ input: change })
/** Puts bytes in the place of the payload map's first byte. */
const payload = (change: (payload: Uint8Array) => Uint8Array): AttestationSpec => ({ payload: change })
const inFront = (digits: string) => input((bytes) => concat(hex(digits), bytes))
/** Adds an unknown field with the given encoded value at the end of the payload map. */
const unknownValue = (...value: readonly Uint8Array[]) =>
  payload((bytes) => concat(bytes.subarray(0, -1), hex('61 78'), ...value, hex('ff')))

export const INPUT_REFUSALS: readonly Refusal[] = [
  { code: 'INPUT_EMPTY', what: 'no bytes', spec: input(() => new Uint8Array()) },
  {
    code: 'INPUT_TOO_LARGE',
    what: 'zeros up to 16641 bytes',
    spec: input((bytes) => concat(bytes, new Uint8Array(16_641 - bytes.length))),
  },
  {
    code: 'CBOR_TRAILING_BYTES',
    what: 'zeros up to 16640 bytes',
    spec: input((bytes) => concat(bytes, new Uint8Array(16_640 - bytes.length))),
  },
  { code: 'CBOR_TRAILING_BYTES', what: 'one byte after the array', spec: input((b) => concat(b, hex('00'))) },
  { code: 'CBOR_TRAILING_BYTES', what: 'the document twice', spec: input((bytes) => concat(bytes, bytes)) },
  {
    code: 'CBOR_TRAILING_BYTES',
    what: 'base64 text',
    spec: input((bytes) => new Uint8Array(Buffer.from(Buffer.from(bytes).toString('base64')))),
  },
  {
    code: 'CBOR_TRAILING_BYTES',
    what: 'a byte after the payload map',
    spec: payload((bytes) => concat(bytes, hex('00'))),
  },
  {
    code: 'CBOR_TRAILING_BYTES',
    what: 'a byte after the protected header',
    spec: { protectedHeader: hex('a1 01 38 22 00') },
  },
  { code: 'CBOR_TRUNCATED', what: 'the last byte missing', spec: input((bytes) => bytes.subarray(0, -1)) },
  { code: 'CBOR_TRUNCATED', what: 'a tag alone', spec: input(() => hex('d2')) },
  { code: 'CBOR_TRUNCATED', what: 'a head cut off', spec: input(() => hex('84 59 01')) },
  { code: 'CBOR_TRUNCATED', what: '2^63 - 1 items', spec: input(() => longHead(4, 2n ** 63n - 1n, 8)) },
  { code: 'CBOR_TRUNCATED', what: 'a map of 2^32 pairs', spec: unknownValue(longHead(5, 2n ** 32n, 8)) },
  { code: 'CBOR_TRUNCATED', what: '2^64 - 1 bytes', spec: unknownValue(longHead(2, 2n ** 64n - 1n, 8)) },
  {
    code: 'CBOR_TRUNCATED',
    what: 'a payload map that does not end',
    spec: payload((b) => b.subarray(0, -1)),
  },
  { code: 'CBOR_TRUNCATED', what: 'a map of one pair with a key only', spec: input(() => hex('a1 00')) },
  {
    code: 'CBOR_TRUNCATED',
    what: 'a map that counts more pairs than bytes are left, whatever these are',
    spec: input(() => hex('a2 01 ff ff')),
  },
  { code: 'CBOR_MALFORMED', what: 'additional information 28', spec: inFront('9c') },
  { code: 'CBOR_MALFORMED', what: 'additional information 30', spec: unknownValue(hex('1e')) },
  { code: 'CBOR_MALFORMED', what: 'a break in front', spec: inFront('ff') },
  { code: 'CBOR_MALFORMED', what: 'a break in a definite array', spec: unknownValue(hex('82 00 ff')) },
  { code: 'CBOR_MALFORMED', what: 'a break between key and value', spec: unknownValue(hex('ff')) },
  { code: 'CBOR_MALFORMED', what: 'an indefinite number', spec: unknownValue(hex('1f')) },
  { code: 'CBOR_MALFORMED', what: 'an indefinite negative number', spec: unknownValue(hex('3f')) },
  { code: 'CBOR_MALFORMED', what: 'an indefinite tag', spec: unknownValue(hex('df')) },
  { code: 'CBOR_MALFORMED', what: 'an indefinite number and nothing else', spec: input(() => hex('1f')) },
  { code: 'CBOR_MALFORMED', what: 'an indefinite negative number, no more', spec: input(() => hex('3f')) },
  { code: 'CBOR_MALFORMED', what: 'a break in an array of one', spec: input(() => hex('81 ff')) },
  { code: 'CBOR_MALFORMED', what: 'null in two bytes', spec: unknownValue(hex('f8 16')) },
  { code: 'CBOR_MALFORMED', what: 'simple value 31 in two bytes', spec: unknownValue(hex('f8 1f')) },
  { code: 'CBOR_DEPTH_EXCEEDED', what: '64 arrays around it', spec: inFront('81'.repeat(64)) },
  {
    code: 'CBOR_DEPTH_EXCEEDED',
    what: 'nine items in one another',
    spec: unknownValue(hex('81'.repeat(7)), hex('00')),
  },
  {
    code: 'CBOR_DEPTH_EXCEEDED',
    what: 'a key that is deep',
    spec: unknownValue(hex('a1'), hex('81'.repeat(7)), hex('00 00')),
  },
  {
    code: 'CBOR_NOT_SHORTEST',
    what: 'the array as 98 04',
    spec: input((b) => concat(hex('98 04'), b.subarray(1))),
  },
  { code: 'CBOR_NOT_SHORTEST', what: 'tag 18 in two bytes', spec: inFront('d8 12') },
  { code: 'CBOR_NOT_SHORTEST', what: '23 in two bytes', spec: unknownValue(hex('18 17')) },
  { code: 'CBOR_NOT_SHORTEST', what: '255 in three bytes', spec: unknownValue(hex('19 00ff')) },
  { code: 'CBOR_NOT_SHORTEST', what: '-65536 in five bytes', spec: unknownValue(hex('3a 0000ffff')) },
  {
    code: 'CBOR_NOT_SHORTEST',
    what: '2^32 - 1 in nine bytes',
    spec: unknownValue(hex('1b 00000000ffffffff')),
  },
  { code: 'CBOR_NOT_SHORTEST', what: 'a length in two bytes', spec: unknownValue(hex('58 01 00')) },
  { code: 'CBOR_INDEFINITE_STRING', what: 'a byte string in chunks', spec: unknownValue(hex('5f 41 00 ff')) },
  { code: 'CBOR_INDEFINITE_STRING', what: 'a text in chunks', spec: unknownValue(hex('7f 61 61 ff')) },
  { code: 'CBOR_TEXT_INVALID', what: 'a stray b3', spec: unknownValue(hex('63 61 b3 61')) },
  { code: 'CBOR_TEXT_INVALID', what: 'an overlong slash', spec: unknownValue(hex('62 c0 af')) },
  { code: 'CBOR_TEXT_INVALID', what: 'a surrogate', spec: unknownValue(hex('63 ed a0 80')) },
  {
    code: 'CBOR_TEXT_INVALID',
    what: 'a byte order mark in front',
    spec: unknownValue(hex('64 ef bb bf 61')),
  },
  { code: 'CBOR_TAG_UNEXPECTED', what: 'tag 18 twice', spec: inFront('d2 d2') },
  { code: 'CBOR_TAG_UNEXPECTED', what: 'tag 17, COSE_Mac0', spec: inFront('d1') },
  { code: 'CBOR_TAG_UNEXPECTED', what: 'tag 98, COSE_Sign', spec: inFront('d8 62') },
  { code: 'CBOR_TAG_UNEXPECTED', what: 'tag 55799, CBOR', spec: inFront('d9 d9f7') },
  {
    code: 'CBOR_TAG_UNEXPECTED',
    what: 'tag 18 around the payload map',
    spec: payload((b) => concat(hex('d2'), b)),
  },
  { code: 'CBOR_TAG_UNEXPECTED', what: 'a bignum', spec: unknownValue(hex('c2 41 01')) },
  {
    code: 'CBOR_TAG_UNEXPECTED',
    what: 'tag 18 around the protected header',
    spec: { protectedHeader: hex('d2 a1 01 38 22') },
  },
  { code: 'CBOR_TYPE_UNSUPPORTED', what: 'undefined', spec: unknownValue(hex('f7')) },
  { code: 'CBOR_TYPE_UNSUPPORTED', what: 'a half float', spec: unknownValue(hex('f9 3c00')) },
  { code: 'CBOR_TYPE_UNSUPPORTED', what: 'a float', spec: unknownValue(hex('fa 3f800000')) },
  { code: 'CBOR_TYPE_UNSUPPORTED', what: 'a double', spec: unknownValue(hex('fb 3ff0000000000000')) },
  { code: 'CBOR_TYPE_UNSUPPORTED', what: 'simple value 0', spec: unknownValue(hex('e0')) },
  { code: 'CBOR_TYPE_UNSUPPORTED', what: 'simple value 19', spec: unknownValue(hex('f3')) },
  { code: 'CBOR_TYPE_UNSUPPORTED', what: 'simple value 32', spec: unknownValue(hex('f8 20')) },
  { code: 'CBOR_TYPE_UNSUPPORTED', what: 'simple value 255', spec: unknownValue(hex('f8 ff')) },
  {
    code: 'CBOR_DUPLICATE_KEY',
    what: 'a key twice in an inner map',
    spec: unknownValue(hex('a2 00 01 00 02')),
  },
  {
    code: 'CBOR_DUPLICATE_KEY',
    what: 'nonce twice',
    spec: { fields: (fields) => [...fields, ...fields.slice(-1)] },
  },
  {
    code: 'CBOR_DUPLICATE_KEY',
    what: 'alg twice in the protected header',
    spec: { protectedHeader: hex('a2 01 38 22 01 38 22') },
  },
  {
    code: 'CBOR_DUPLICATE_KEY',
    what: 'a label twice in the unprotected header',
    spec: { unprotectedHeader: hex('a2 04 00 04 00') },
  },
]
