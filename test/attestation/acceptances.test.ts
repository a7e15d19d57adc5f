import { describe, expect, it } from 'vitest'
import type { VerifyOptions } from '../../src/attestation/verify-options.ts'
import { unsafeEvaluationTime } from '../../src/attestation/verify-options.ts'
import { verifyAttestation } from '../../src/attestation/verify.ts'
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
  makeAttestation,
  pcrValue,
  withField,
} from '../support/attestation/an-attestation.ts'
import type { Entry } from '../support/attestation/cbor-bytes.ts'
import { bytes, concat, map, openArray, text, uint } from '../support/attestation/cbor-bytes.ts'
import { verdictOn } from '../support/attestation/code-of.ts'
import { hex, integer, time } from '../support/attestation/der-bytes.ts'

const filler = (length: number): Uint8Array => bytes(new Uint8Array(length))
const field = (name: string, value: Uint8Array | null): AttestationSpec => ({
  fields: withField(name, value),
})
const optional = (value: Uint8Array | null): AttestationSpec => ({
  fields: (fields) =>
    ['public_key', 'user_data', 'nonce'].reduce((all, name) => withField(name, value)(all), fields),
})
const tpm = (entries: readonly Entry[]): AttestationSpec => ({
  fields: (fields) => [[text('nitrotpm_pcrs'), map(entries)], ...withField('pcrs', null)(fields)],
})
const pcrs = (count: number): readonly Entry[] =>
  Array.from({ length: count }, (_, index) => [uint(index), bytes(pcrValue(index))])
const at = (date: Date): Partial<VerifyOptions> => ({ clock: { now: () => date } })
const leaf = (parts: NonNullable<AttestationSpec['certificates']>['leaf']): AttestationSpec => ({
  certificates: { leaf: { ...parts } },
})

/** AWS writes documents like these, or says that it may. */
const ODD_BUT_VALID: readonly [string, AttestationSpec, Partial<VerifyOptions>?][] = [
  ['a definite payload map', { payload: (p) => concat(hex('a9'), p.subarray(1, -1)) }],
  ['tag 18 in front', { input: (input) => concat(hex('d2'), input) }],
  ['the optional fields absent', optional(null)],
  ['the optional fields empty', optional(filler(0))],
  ['the optional fields of 1024 bytes', optional(filler(1024))],
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
  ['the maximum age to the millisecond', {}, { ...at(after(600)), maxAgeSeconds: 600 }],
  [
    'its own time, five years later',
    {},
    { ...at(after(5 * 365 * 86_400)), [unsafeEvaluationTime]: 'document' },
  ],
  ['a fixed time, five years later', {}, { ...at(after(5 * 365 * 86_400)), [unsafeEvaluationTime]: JUDGED }],
  ['another label in the protected header', { protectedHeader: hex('a2 01 38 22 03 00') }],
  ['a text label in the protected header', { protectedHeader: hex('a2 01 38 22 61 61 f5') }],
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

describe('a document that is odd but valid', () => {
  it.each(ODD_BUT_VALID)('is accepted: %s', async (_, spec, options) => {
    expect(await verdictOn(spec, options)).toBe(null)
  })
})

describe('verifyAttestation', () => {
  const options: VerifyOptions = { anchors: [], clock: { now: () => JUDGED } }

  it('hands out what the document says', async () => {
    const { bytes: document, anchor } = makeAttestation({
      fields: (fields) => withField('nonce', bytes(hex('01 02')))(withField('public_key', filler(0))(fields)),
    })
    const verified = await verifyAttestation(document, { ...options, anchors: [anchor] })
    expect(verified).toMatchObject({
      kind: 'nitro-enclave',
      moduleId: 'i-0123456789abcdef0-enc019bc13a1f3a0001',
      timestamp: MADE,
      publicKey: new Uint8Array(),
      userData: null,
      nonce: Uint8Array.of(1, 2),
      anchor,
      validFrom: new Date('2026-01-15T11:59:57Z'),
      validUntil: new Date('2026-01-15T15:00:00Z'),
      evaluatedAt: JUDGED,
      evaluationClock: 'present',
    })
    expect(verified.pcrs).toEqual(new Map(Array.from({ length: 16 }, (_, index) => [index, pcrValue(index)])))
    expect(verified.chain.map(({ subject }) => subject)).toEqual([
      'CN=test.nitro-enclaves,OU=AWS,O=Amazon,C=US',
      'CN=0011223344556677.eu-test-1.test.nitro-enclaves,OU=AWS,O=Amazon,C=US',
      'CN=8899aabbccddeeff.zonal.eu-test-1.test.nitro-enclaves,OU=AWS,O=Amazon,C=US',
      'CN=i-0123456789abcdef0.eu-test-1.test.nitro-enclaves,OU=AWS,O=Amazon,C=US',
      'CN=i-0123456789abcdef0-enc019bc13a1f3a0001.eu-test-1.test,OU=AWS,O=Amazon,C=US',
    ])
  })

  it('takes the kind from the name of the PCR map alone', async () => {
    const { bytes: document, anchor } = makeAttestation(tpm(pcrs(24)))
    const verified = await verifyAttestation(document, { ...options, anchors: [anchor] })
    expect([verified.kind, verified.pcrs.size]).toEqual(['nitrotpm', 24])
  })

  it('names the anchor that the bundle begins with', async () => {
    const { bytes: document, anchor } = makeAttestation()
    const other = { ...anchor, name: 'other', sha256: '00'.repeat(32) }
    const verified = await verifyAttestation(document, { ...options, anchors: [other, anchor] })
    expect(verified.anchor).toBe(anchor)
  })

  it('does not notice when the caller writes into the input meanwhile', async () => {
    const { bytes: document, anchor } = makeAttestation()
    const input = Uint8Array.from(document)
    const verdict = verifyAttestation(input, { ...options, anchors: [anchor] })
    input.fill(0)
    expect((await verdict).pcrs.get(5)).toEqual(pcrValue(5))
  })

  it('says which clock it judged by', async () => {
    const { bytes: document, anchor } = makeAttestation()
    const judge = async (evaluation: 'document' | Date): Promise<unknown> => {
      const { evaluatedAt, evaluationClock } = await verifyAttestation(document, {
        ...options,
        anchors: [anchor],
        [unsafeEvaluationTime]: evaluation,
      })
      return [evaluatedAt, evaluationClock]
    }
    expect(await judge('document')).toEqual([MADE, 'document'])
    expect(await judge(after(60))).toEqual([after(60), 'fixed'])
  })

  const nonsense: readonly (readonly [string, Partial<VerifyOptions>])[] = [
    ['a clock without a date', { clock: { now: () => new Date(NaN) } }],
    ['a fixed time without a date', { [unsafeEvaluationTime]: new Date('yesterday') }],
    ['a tolerance that is no number', { futureSkewSeconds: NaN }],
    ['an endless tolerance', { futureSkewSeconds: Infinity }],
    ['a negative tolerance', { futureSkewSeconds: -1 }],
    ['a maximum age that is no number', { maxAgeSeconds: NaN }],
    ['a negative maximum age', { maxAgeSeconds: -1 }],
  ]
  it.each(nonsense)('rejects with TypeError for %s', async (_, odd) => {
    const { bytes: document, anchor } = makeAttestation()
    await expect(verifyAttestation(document, { ...options, anchors: [anchor], ...odd })).rejects.toThrow(
      TypeError,
    )
  })
})
