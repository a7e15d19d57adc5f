import type { VerifyOptions } from '../../src/attestation/verify-options.ts'
import { unsafeEvaluationTime } from '../../src/attestation/verify-options.ts'
import {
  basicConstraints,
  KEY_USAGE_CA,
  KEY_USAGE_LEAF,
  spkiOf,
} from '../support/attestation/a-certificate.ts'
import type { AttestationSpec } from '../support/attestation/an-attestation.ts'
import {
  after,
  goodPcrs,
  JUDGED,
  KEYS,
  MADE,
  pcrValue,
  withField,
} from '../support/attestation/an-attestation.ts'
import type { Entry } from '../support/attestation/cbor-bytes.ts'
import { bytes, concat, map, openArray, text, uint } from '../support/attestation/cbor-bytes.ts'
import { rsaSpki, TEST_MODULUS } from '../support/attestation/rsa-spki.ts'
import { hex, integer, time } from '../support/attestation/der-bytes.ts'
import { CERTIFICATE_BYTES_ACCEPTANCES } from './refusals/certificate-bytes.ts'
import type { Acceptance } from './refusals/refusal.ts'

export const filler = (length: number): Uint8Array => bytes(new Uint8Array(length))
const field = (name: string, value: Uint8Array | null): AttestationSpec => ({
  fields: withField(name, value),
})
const optional = (value: Uint8Array | null): AttestationSpec => ({
  fields: (fields) =>
    ['public_key', 'user_data', 'nonce'].reduce((all, name) => withField(name, value)(all), fields),
})
export const tpm = (entries: readonly Entry[]): AttestationSpec => ({
  fields: (fields) => [[text('nitrotpm_pcrs'), map(entries)], ...withField('pcrs', null)(fields)],
})
export const pcrs = (count: number): readonly Entry[] =>
  Array.from({ length: count }, (_, index) => [uint(index), bytes(pcrValue(index))])
const at = (date: Date): Partial<VerifyOptions> => ({ clock: { now: () => date } })
const leaf = (parts: NonNullable<AttestationSpec['certificates']>['leaf']): AttestationSpec => ({
  certificates: { leaf: { ...parts } },
})

/** The last second of the leaf. */
const leafEnd = new Date(Math.floor(after(10_800).getTime() / 1000) * 1000)

/** Adds an unknown field to a payload map of indefinite length so that it becomes as long as wanted. */
function fillPayload(payload: Uint8Array, length: number): Uint8Array {
  // Around the filling: a name of two bytes, and a head of three.
  const filling = new Uint8Array(length - payload.length - 5)
  return concat(payload.subarray(0, -1), text('x'), bytes(filling), hex('ff'))
}

/** AWS writes documents like these, or says that it may. */
export const ODD_BUT_VALID: readonly Acceptance[] = [
  ['a definite payload map', { payload: (p) => concat(hex('a9'), p.subarray(1, -1)) }],
  ['tag 18 in front', { input: (input) => concat(hex('d2'), input) }],
  ['the optional fields absent', optional(null)],
  ['the optional fields empty', optional(filler(0))],
  ['the optional fields of 1024 bytes', optional(filler(1024))],
  ...[65_541n, 2n ** 63n + 1n, 2n ** 64n - 1n].map((exponent): Acceptance => [
    `a recipient key with e = ${exponent}`,
    field('public_key', bytes(rsaSpki(TEST_MODULUS, exponent))),
    { demandRecipientKey: true },
  ]),
  ['17 PCRs', field('pcrs', map(pcrs(17)))],
  ['32 PCRs', field('pcrs', map(pcrs(32)))],
  ['one PCR', field('pcrs', map(pcrs(1)))],
  ['PCRs in another order', field('pcrs', map(goodPcrs.toReversed()))],
  ['an indefinite PCR map', field('pcrs', concat(hex('bf'), ...goodPcrs.flat(), hex('ff')))],
  ['all PCRs zero', field('pcrs', map(goodPcrs.map(([key]) => [key, filler(48)])))],
  ['fields in another order', { fields: (fields) => fields.toReversed() }],
  ['an unknown field', { fields: (fields) => [...fields, [text('future_field'), hex('f5')]] }],
  [
    'a field named __proto__',
    { fields: (fields) => [[text('__proto__'), map([[text('digest'), text('SHA512')]])], ...fields] },
  ],
  ['eight items in one another', { fields: (fields) => [...fields, [text('x'), hex('81818181818100')]] }],
  ['an unknown field that is false', { fields: (fields) => [...fields, [text('x'), hex('f4')]] }],
  [
    'texts with the bytes of a byte order mark, but for one',
    { fields: (fields) => [...fields, [text('\uFEC0'), text('\uF03F')], [text('\u2EFF'), hex('f5')]] },
  ],
  ['a payload of 16384 bytes', { payload: (one) => fillPayload(one, 16_384) }],
  ['a NitroTPM document with 24 PCRs', tpm(pcrs(24))],
  ['a NitroTPM document with PCR24', tpm(pcrs(25))],
  ['another module id', field('module_id', text('i-234-enc5678'))],
  ['a module id of one character', field('module_id', text('!'))],
  ['a module id of 256 characters', field('module_id', text('~'.repeat(256)))],
  ['a serial number of one octet', leaf({ serial: integer(1) })],
  ['a serial number of 21 octets', leaf({ serial: integer(2n ** 160n - 1n) })],
  ['a negative serial number', leaf({ serial: hex('02 01 ff') })],
  ['a leaf with a critical keyUsage', leaf({ extensions: [{ ...KEY_USAGE_LEAF, critical: true }] })],
  ['a leaf without basicConstraints', leaf({ extensions: [KEY_USAGE_LEAF] })],
  [
    'an explicit cA FALSE',
    leaf({ extensions: [{ oid: '2.5.29.19', value: hex('30 03 01 01 00') }, KEY_USAGE_LEAF] }),
  ],
  [
    'an unknown extension that is not critical',
    leaf({ extensions: [KEY_USAGE_LEAF, { oid: '1.2.3.4', value: hex('de ad') }] }),
  ],
  ['unique identifiers', leaf({ spki: makeSpkiWithIds() })],
  ...CERTIFICATE_BYTES_ACCEPTANCES,
  ['a chain of root and leaf', { levels: ['root', 'leaf'] }],
  ['a root until 2051', { certificates: { root: { notAfter: time('20510101000000Z') } } }],
  ['a leaf until 9999', leaf({ notAfter: time('99991231235959Z') })],
  ['a certificate from 1950', { certificates: { root: { notBefore: time('500101000000Z') } } }],
  ['a window of one second', leaf({ notBefore: JUDGED, notAfter: JUDGED })],
  [
    'path lengths far too large',
    { certificates: { root: { extensions: [basicConstraints(true, 2 ** 40), KEY_USAGE_CA] } } },
  ],
  ['a leaf two hours old', field('timestamp', uint(after(7500).getTime())), at(after(7501))],
  ['the last second of the leaf', {}, at(after(10_800.7))],
  ['a clock 240 s behind', {}, at(after(-240))],
  [
    'a clock 300 s behind the leaf and the timestamp',
    { certificates: { leaf: { notBefore: MADE } } },
    at(after(-300)),
  ],
  ['a timestamp 300 s ahead', field('timestamp', uint(after(300, JUDGED).getTime()))],
  ['a timestamp 300 s before the leaf', field('timestamp', uint(after(-303).getTime()))],
  ['a timestamp 300 s after the leaf', field('timestamp', uint(leafEnd.getTime() + 300_000)), at(leafEnd)],
  ['the maximum age to the millisecond', {}, { ...at(after(600)), maxAgeSeconds: 600 }],
  [
    'its own time, five years later',
    {},
    { ...at(after(5 * 365 * 86_400)), [unsafeEvaluationTime]: 'document' },
  ],
  ['a fixed time, five years later', {}, { ...at(after(5 * 365 * 86_400)), [unsafeEvaluationTime]: JUDGED }],
  ['another label in the protected header', { protectedHeader: hex('a2 01 38 22 03 00') }],
  ['a text label in the protected header', { protectedHeader: hex('a2 01 38 22 61 61 f5') }],
  [
    'a label of 64 bits in the protected header',
    { protectedHeader: hex('a2 01 38 22 1b 0020000000000000 00') },
  ],
  ['an indefinite protected header', { protectedHeader: hex('bf 01 38 22 ff') }],
  [
    'an indefinite bundle',
    {
      fields: (fields) =>
        fields.map(([key, value]) =>
          value[0] === 0x84 ? [key, openArray(value.subarray(1))] : [key, value],
        ),
    },
  ],
]

/** The subjectPublicKeyInfo of the leaf, followed by issuerUniqueID and subjectUniqueID. */
function makeSpkiWithIds(): Uint8Array {
  return concat(spkiOf(KEYS.leaf.publicKey), hex('81 02 00 ff'), hex('82 02 00 ff'))
}

/** Options that no verdict can come of: a program that gives them has a bug. */
export const NONSENSICAL_OPTIONS: readonly (readonly [string, Partial<VerifyOptions>])[] = [
  ['a clock without a date', { clock: { now: () => new Date(NaN) } }],
  ['a fixed time without a date', { [unsafeEvaluationTime]: new Date('yesterday') }],
  ['a tolerance that is no number', { futureSkewSeconds: NaN }],
  ['an endless tolerance', { futureSkewSeconds: Infinity }],
  ['a negative tolerance', { futureSkewSeconds: -1 }],
  ['a maximum age that is no number', { maxAgeSeconds: NaN }],
  ['a negative maximum age', { maxAgeSeconds: -1 }],
]
