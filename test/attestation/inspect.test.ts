import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { AttestationInspection } from '../../src/attestation/inspect.ts'
import { inspectAttestation } from '../../src/attestation/inspect.ts'
import type { Entry } from '../support/attestation/cbor-bytes.ts'
import type { AttestationSpec } from '../support/attestation/an-attestation.ts'
import { MADE, makeAttestation, withField } from '../support/attestation/an-attestation.ts'
import { array, bytes, concat, map, NULL, text, uint } from '../support/attestation/cbor-bytes.ts'
import { hex } from '../support/attestation/der-bytes.ts'
import {
  GENUINE_DOCUMENTS,
  haveGenuineDocuments,
  NEEDS_GENUINE_DOCUMENTS,
} from '../support/attestation/genuine-documents.ts'

async function inspect(spec: AttestationSpec = {}): Promise<AttestationInspection> {
  return inspectAttestation(makeAttestation(spec).bytes)
}

describe('inspectAttestation', () => {
  it('shows a good document', async () => {
    const inspection = await inspect()
    expect(inspection).toMatchObject({
      stoppedBy: null,
      kind: 'nitro-enclave',
      moduleId: 'i-0123456789abcdef0-enc019bc13a1f3a0001',
      region: 'eu-test-1',
      timestamp: MADE,
      digest: 'SHA384',
      publicKey: null,
      brokenAt: null,
      module: {
        instanceId: 'i-0123456789abcdef0',
        enclaveId: '019bc13a1f3a0001',
        startedAt: new Date(0x019bc13a1f3a),
      },
      debugMode: false,
      absentFields: ['nitrotpm_pcrs'],
      otherFields: [],
    })
    expect(
      inspection.chain.map(({ place, role, isCa, pathLength }) => [place, role, isCa, pathLength]),
    ).toEqual([
      ['cabundle[0]', 'root', true, null],
      ['cabundle[1]', 'regional', true, 2],
      ['cabundle[2]', 'zonal', true, 1],
      ['cabundle[3]', 'instance', true, 0],
      ['certificate', 'leaf', false, null],
    ])
    expect(inspection.chain.map((one) => [one.maySignCertificates, one.maySignDocuments])).toEqual([
      ...Array.from({ length: 4 }, () => [true, true]),
      [false, true],
    ])
    expect(inspection.pcrs[5]).toEqual({
      index: '5',
      value: '05'.repeat(48),
      state: 'value',
      meaning: null,
      note: null,
    })
    expect(inspection.pcrs[4]?.note).toBe('not that of i-0123456789abcdef0')
  })

  it('shows how the envelope is written', async () => {
    expect((await inspect()).envelope).toMatchObject({
      tags: [],
      elements: 4,
      algorithm: 'ES384 (-35)',
      unprotectedHeader: '{}',
      signatureLength: 96,
      payloadMap: 'indefinite',
    })
    const { envelope } = await inspect({
      input: (input) => concat(hex('d2'), input),
      protectedHeader: hex('a2 01 26 02 81 01'),
      unprotectedHeader: hex('a1 04 41 07'),
    })
    expect(envelope).toMatchObject({
      tags: ['18'],
      algorithm: 'ES256 (-7)',
      protectedHeader: '{1: -7, 2: [1]}',
      unprotectedHeader: "{4: h'07'}",
    })
  })

  it('recognizes the instance in PCR4', async () => {
    const digest = createHash('sha384').update(new Uint8Array(48)).update('i-0123456789abcdef0').digest()
    const { pcrs } = await inspect({ fields: withField('pcrs', map([[uint(4), bytes(digest)]])) })
    expect(pcrs[0]).toMatchObject({
      meaning: 'id of the parent instance',
      note: 'that of i-0123456789abcdef0',
    })
  })

  it('says what zeros mean in an enclave, and debug mode only where PCR0 to PCR2 are all zero', async () => {
    const zeros = (...indexes: readonly number[]): Entry[] =>
      indexes.map((index) => [uint(index), bytes(new Uint8Array(48))])
    const read = async (...indexes: readonly number[]): Promise<readonly unknown[]> => {
      const { debugMode, pcrs } = await inspect({ fields: withField('pcrs', map(zeros(...indexes))) })
      return [debugMode, ...pcrs.map(({ note }) => note)]
    }
    const debug = 'debug mode'
    expect(await read(0, 1, 2, 8)).toEqual([true, debug, debug, debug, 'debug mode, or not signed'])
    expect((await read(0, 1))[0]).toBe(false)
    expect((await read(0, 1))[1]).toBe('zero, though not all of PCR0 to PCR2 are')
    expect(await read(3, 4, 5, 8, 16)).toEqual([
      false,
      'no IAM role',
      'zero',
      'not used',
      'not signed',
      'not used',
    ])
  })

  it('shows a NitroTPM document with its own meanings, and no debug mode', async () => {
    const separator = createHash('sha384').update(new Uint8Array(4)).digest()
    const separatorOnly = createHash('sha384').update(new Uint8Array(48)).update(separator).digest()
    const values: readonly (readonly [number, Uint8Array])[] = [
      [0, new Uint8Array(48)],
      [1, new Uint8Array(48)],
      [2, separatorOnly],
      [7, new Uint8Array(48).fill(1)],
      [17, new Uint8Array(48).fill(0xff)],
      [25, new Uint8Array(48).fill(1)],
    ]
    const { kind, debugMode, pcrs, module } = await inspect({
      fields: (fields) => [
        ...withField(
          'module_id',
          text('i-0123456789abcdef0-tpm0000000000000000'),
        )(withField('pcrs', null)(fields)),
        [text('nitrotpm_pcrs'), map(values.map(([index, value]) => [uint(index), bytes(value)]))],
      ],
    })
    expect([kind, debugMode]).toEqual(['nitrotpm', false])
    expect(module).toEqual({ instanceId: 'i-0123456789abcdef0', enclaveId: null, startedAt: null })
    expect(pcrs.map(({ index, state, meaning, note }) => [index, state, meaning, note])).toEqual([
      ['0', 'zero', 'firmware code', 'not used'],
      ['1', 'zero', 'firmware configuration', 'not used'],
      ['2', 'value', 'option code', 'separator alone: nothing was measured'],
      ['7', 'value', 'Secure Boot state', null],
      ['17', 'ones', null, 'not used: as a TPM starts them'],
      ['25', 'value', null, null],
    ])
  })

  it('shows what it can of a document that a verifier would stop at, and where that is', async () => {
    const inspection = await inspect({
      unprotectedHeader: hex('a1 04 41 00'),
      fields: (fields) => [
        ...withField('digest', text('SHA\n512'))(fields),
        [text('future\u{9b}'), NULL],
        [uint(1), NULL],
      ],
    })
    expect(inspection.stoppedBy?.code).toBe('COSE_UNPROTECTED_NOT_EMPTY')
    expect(inspection.digest).toBe('SHA\\u{a}512')
    expect(inspection.otherFields).toEqual([
      { name: 'future\\u{9b}', value: 'null', why: 'unknown' },
      { name: '1', value: 'null', why: 'unknown' },
    ])
    expect(inspection.chain).toHaveLength(5)
  })

  it('shows the certificates that can be read beside one that cannot', async () => {
    const inspection = await inspect({
      fields: withField('certificate', bytes(hex('30 00'))),
    })
    expect(inspection.stoppedBy?.code).toBe('CERT_NOT_DER')
    expect(inspection.chain.map(({ summary }) => summary === null)).toEqual([
      false,
      false,
      false,
      false,
      true,
    ])
  })

  it('shows odd PCR maps', async () => {
    const odd = map([
      [text('0'), bytes(hex('01'))],
      [bytes(hex('00')), NULL],
    ])
    expect((await inspect({ fields: withField('pcrs', odd) })).pcrs).toEqual([
      { index: '"0"', value: '01', state: 'odd', meaning: null, note: '1 bytes instead of 48' },
      { index: "h'00'", value: '', state: 'odd', meaning: null, note: 'no byte string: null' },
    ])
    expect((await inspect({ fields: withField('pcrs', NULL) })).pcrs).toEqual([])
  })

  it.each([
    ['nothing', new Uint8Array(), 'INPUT_EMPTY'],
    ['zeros', new Uint8Array(20_000), 'INPUT_TOO_LARGE'],
    ['text', Buffer.from('no document'), 'CBOR_TRUNCATED'],
    ['another array', array(uint(1), uint(2), uint(3)), 'COSE_STRUCTURE_INVALID'],
    [
      'a payload that is no map',
      makeAttestation({ payload: () => hex('81 00') }).bytes,
      'DOCUMENT_NOT_A_MAP',
    ],
  ])('shows next to nothing of %s', async (_, input, code) => {
    expect(await inspectAttestation(input)).toMatchObject({
      stoppedBy: { code },
      length: input.length,
      kind: null,
      moduleId: null,
      timestamp: null,
      pcrs: [],
      chain: [],
    })
  })

  it('shows what stands before the place where a document is cut off, and where that is', async () => {
    const inside = await inspect({ payload: (payload) => payload.subarray(0, 1_000) })
    expect(inside).toMatchObject({
      stoppedBy: { code: 'CBOR_TRUNCATED' },
      brokenAt: { within: 'payload', offset: 1_000 },
      kind: 'nitro-enclave',
      timestamp: MADE,
    })
    expect(inside.pcrs).toHaveLength(16)
    const cut = makeAttestation().bytes.subarray(0, 2_500)
    const outside = await inspectAttestation(cut)
    expect(outside.brokenAt).toMatchObject({
      within: 'payload',
      reason: expect.stringContaining('the input ends'),
    })
    expect(outside.pcrs).toHaveLength(16)
    expect(outside.chain.length).toBeGreaterThan(0)
    expect(outside.envelope).toMatchObject({ elements: 3, signatureLength: null })
  })

  it('shows what no reader should take, where two readers could differ', async () => {
    const field = async (name: string, value: Uint8Array): Promise<AttestationInspection> =>
      inspect({ fields: withField(name, value) })
    const twice = await inspect({ fields: (fields) => [...fields, [text('digest'), text('SHA512')]] })
    expect([twice.digest, twice.otherFields]).toEqual([
      'SHA384',
      [{ name: 'digest', value: '"SHA512"', why: 'repeated' }],
    ])
    const tagged = await field('timestamp', concat(hex('c1'), uint(5)))
    expect([tagged.timestamp, tagged.otherFields]).toEqual([
      null,
      [{ name: 'timestamp', value: '1(5)', why: 'of another type' }],
    ])
    const bundle = await field('cabundle', array(NULL, bytes(hex('30 00'))))
    expect(bundle.otherFields).toEqual([{ name: 'cabundle[0]', value: 'null', why: 'of another type' }])
    expect(bundle.chain.map(({ place }) => place)).toEqual(['cabundle[1]', 'certificate'])
    const both = await inspect({ fields: (fields) => [...fields, [text('nitrotpm_pcrs'), map([])]] })
    expect([both.kind, both.pcrs, both.otherFields.map(({ why }) => why)]).toEqual([
      null,
      [],
      ['of another kind of document', 'of another kind of document'],
    ])
  })

  it('tells null from absent in optional fields, and names the fields that are missing', async () => {
    const { absentFields, nonce, otherFields } = await inspect({
      fields: (fields) => withField('digest', null)(withField('nonce', null)(fields)),
    })
    expect([absentFields, nonce, otherFields]).toEqual([['digest', 'nitrotpm_pcrs', 'nonce'], null, []])
  })

  it('bounds what it shows of a bundle without end', async () => {
    const many = array(...Array.from({ length: 3_000 }, () => bytes(hex('30 00'))))
    const { chain, otherFields } = await inspect({ fields: withField('cabundle', many) })
    expect(chain).toHaveLength(17)
    expect(otherFields).toEqual([{ name: 'cabundle', value: '2984 more items', why: 'not shown' }])
  })

  it('reads with another reader what is no DER, for people to recognize it', async () => {
    const { chain } = await inspect({
      chain: (certificates) => certificates.map((der) => concat(der, hex('00'))),
    })
    expect(chain.map(({ fault }) => fault?.code)).toEqual(Array.from({ length: 5 }, () => 'CERT_NOT_DER'))
    expect(chain.map(({ role, summary }) => [role, summary])).toEqual(
      ['root', 'regional', 'zonal', 'instance', 'leaf'].map((role) => [role, null]),
    )
    expect(chain[4]?.details?.notAfter).toEqual(new Date('2026-01-15T15:00:00Z'))
  })

  it('never throws', async () => {
    const good = makeAttestation().bytes
    await fc.assert(
      fc.asyncProperty(fc.nat(good.length - 1), fc.nat(255), async (at, octet) => {
        expect((await inspectAttestation(good.with(at, octet))).length).toBe(good.length)
      }),
      { numRuns: 300 },
    )
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (input) => {
        const document = concat(hex('84 40 a0'), bytes(input), hex('40'))
        expect((await inspectAttestation(document)).chain).toEqual([])
      }),
    )
  })

  it.skipIf(!haveGenuineDocuments)(
    `finds in genuine documents what another program found${NEEDS_GENUINE_DOCUMENTS}`,
    async () => {
      for (const { bytes: document, index } of GENUINE_DOCUMENTS) {
        const { region, stoppedBy, brokenAt, timestamp, pcrs, module, otherFields, ...rest } =
          await inspectAttestation(document)
        expect([region, stoppedBy, brokenAt, timestamp]).toEqual([
          index.region,
          null,
          null,
          new Date(index.timestamp),
        ])
        expect([otherFields, rest.debugMode]).toEqual([[], index.debug_mode === true])
        expect(rest.chain.map(({ role }) => role)).toEqual(['root', 'regional', 'zonal', 'instance', 'leaf'])
        expect(pcrs.flatMap((pcr) => (pcr.state === 'zero' ? [] : [Number(pcr.index)]))).toEqual(
          index.nonzero_pcrs,
        )
        expect(rest.envelope).toMatchObject({
          tags: [],
          elements: 4,
          algorithm: 'ES384 (-35)',
          unprotectedHeader: '{}',
          payloadLength: index.payload_bytes,
          hasHighS: index.cose_signature_high_s,
          payloadMap: index.payload_map.startsWith('definite') ? 'definite' : 'indefinite',
        })
        if (index.kind === 'nitrotpm') continue
        expect(pcrs.find((pcr) => pcr.index === '4')?.note).toBe(`that of ${module?.instanceId}`)
        const age = (timestamp?.getTime() ?? NaN) - (module?.startedAt?.getTime() ?? NaN)
        // Enclaves are started before they attest, and these were within 44 days.
        expect(age > 0 && age < 45 * 86_400_000).toBe(true)
      }
    },
  )
})
