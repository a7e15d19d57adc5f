import fc from 'fast-check'
import { generateKeyPairSync } from 'node:crypto'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { describePublicKey } from '../../src/attestation/describe-public-key.ts'
import type { AttestationInspection } from '../../src/attestation/inspect.ts'
import { inspectAttestation } from '../../src/attestation/inspect.ts'
import { spkiOf } from '../support/attestation/a-certificate.ts'
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
      unknownFields: [],
    })
    expect(inspection.chain.map(({ place, isCa, pathLength }) => [place, isCa, pathLength])).toEqual([
      ['cabundle[0]', true, null],
      ['cabundle[1]', true, 2],
      ['cabundle[2]', true, 1],
      ['cabundle[3]', true, 0],
      ['certificate', false, null],
    ])
    expect(inspection.pcrs[0]).toEqual({
      index: '0',
      value: '00'.repeat(48),
      meaning: 'enclave image, zero: debug mode',
    })
    expect(inspection.pcrs[5]).toEqual({ index: '5', value: '05'.repeat(48), meaning: null })
    expect(inspection.pcrs[4]?.meaning).toBe('id of the parent instance, not that of i-0123456789abcdef0')
  })

  it('recognizes the instance in PCR4', async () => {
    const digest = createHash('sha384').update(new Uint8Array(48)).update('i-0123456789abcdef0').digest()
    const { pcrs } = await inspect({ fields: withField('pcrs', map([[uint(4), bytes(digest)]])) })
    expect(pcrs[0]?.meaning).toBe('id of the parent instance, that is i-0123456789abcdef0')
  })

  it('shows a NitroTPM document with its own meanings', async () => {
    const { kind, pcrs } = await inspect({
      fields: (fields) => [
        ...withField('pcrs', null)(fields),
        [text('nitrotpm_pcrs'), map([[uint(7), bytes(new Uint8Array(48).fill(1))]])],
      ],
    })
    expect([kind, pcrs[0]?.meaning]).toEqual(['nitrotpm', 'Secure Boot state'])
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
    expect(inspection.unknownFields).toEqual(['future\\u{9b}', '(a number)'])
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
      { index: '"0"', value: '01', meaning: null },
      { index: '(a object)', value: '', meaning: 'no byte string' },
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
    ['a cut payload', makeAttestation({ payload: (p) => p.subarray(0, 900) }).bytes, 'CBOR_TRUNCATED'],
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
    `finds the Region of genuine documents${NEEDS_GENUINE_DOCUMENTS}`,
    async () => {
      for (const { bytes: document, index } of GENUINE_DOCUMENTS) {
        const { region, stoppedBy, timestamp, pcrs } = await inspectAttestation(document)
        expect([region, stoppedBy, timestamp]).toEqual([index.region, null, new Date(index.timestamp)])
        const instance = pcrs.find((pcr) => pcr.index === '4')?.meaning
        if (index.kind === 'nitro-enclave') expect(instance).toMatch(/that is i-/)
      }
    },
  )
})

describe('describePublicKey', () => {
  const key = (type: 'rsa' | 'ec' | 'ed25519'): Uint8Array => {
    if (type === 'rsa') return spkiOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey)
    if (type === 'ec') return spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)
    return spkiOf(generateKeyPairSync('ed25519').publicKey)
  }
  it.each([
    [key('rsa'), '294 bytes, rsa of 2048 bits with exponent 65537'],
    [key('ec'), '120 bytes, ec key on secp384r1'],
    [key('ed25519'), '44 bytes, ed25519 key'],
    [new Uint8Array(), '0 bytes, empty'],
    [Buffer.from('-----BEGIN PUBLIC KEY-----'), '26 bytes, PEM text'],
    [new Uint8Array(32), '32 bytes, perhaps a raw X25519 or Ed25519 key'],
    [new Uint8Array(65).fill(4), '65 bytes, perhaps a point of an elliptic curve'],
    [new Uint8Array(97).fill(4), '97 bytes, perhaps a point of an elliptic curve'],
    [new Uint8Array(97), '97 bytes, of no known form'],
  ])('describes a key', (bytesOfKey, words) => {
    expect(describePublicKey(bytesOfKey)).toBe(words)
  })
})
