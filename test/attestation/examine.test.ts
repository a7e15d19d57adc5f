import { describe, expect, it } from 'vitest'
import { ATTESTATION_CHECKS } from '../../src/attestation/attestation-checks.ts'
import type { AttestationReport } from '../../src/attestation/attestation-report.ts'
import type { VerifyOptions } from '../../src/attestation/verify-options.ts'
import { unsafeEvaluationTime } from '../../src/attestation/verify-options.ts'
import { examineAttestation } from '../../src/attestation/verify.ts'
import type { AttestationSpec } from '../support/attestation/an-attestation.ts'
import { after, JUDGED, MADE, makeAttestation, withField } from '../support/attestation/an-attestation.ts'
import { bytes, uint } from '../support/attestation/cbor-bytes.ts'
import { hex } from '../support/attestation/der-bytes.ts'
import { rsaSpki, TEST_MODULUS } from '../support/attestation/rsa-spki.ts'

async function examine(
  spec: AttestationSpec = {},
  options: Partial<VerifyOptions> = {},
): Promise<AttestationReport> {
  const { bytes: document, anchor } = makeAttestation(spec)
  return examineAttestation(document, { anchors: [anchor], clock: { now: () => JUDGED }, ...options })
}

const codes = ATTESTATION_CHECKS.map(({ code }) => code)
const outcomes = ({ checks }: AttestationReport): string =>
  [...new Set(checks.map(({ outcome }) => outcome))].join(' ')

describe('examineAttestation of a good document', () => {
  it('lists the 63 checks in their order, all passed', async () => {
    const report = await examine()
    expect(report.verdict).toBe('accepted')
    expect(report.checks.map(({ code }) => code)).toEqual(codes.slice(0, 63))
    expect(outcomes(report)).toBe('passed')
  })

  it('lists the 6 checks of the recipient key too where it is demanded, and hands the key out', async () => {
    const spki = rsaSpki(TEST_MODULUS)
    const report = await examine(
      { fields: withField('public_key', bytes(spki)) },
      { demandRecipientKey: true },
    )
    expect(report.checks.map(({ code }) => code)).toEqual(codes)
    expect(outcomes(report)).toBe('passed')
    expect(report).toMatchObject({ verdict: 'accepted', recipientKey: { spki, modulusBits: 2048 } })
  })

  it('hands out no key where none is demanded', async () => {
    expect(await examine()).toMatchObject({ recipientKey: null })
  })

  it('says what there was to see', async () => {
    const { checks } = await examine({}, { [unsafeEvaluationTime]: 'document' })
    const detailOf = (code: string): string | null => checks.find((one) => one.code === code)?.detail ?? null
    expect(detailOf('DOCUMENT_KIND_UNKNOWN')).toBe('nitro-enclave')
    expect(detailOf('DOCUMENT_PCR_COUNT_INVALID')).toBe('16 PCRs')
    expect(detailOf('CHAIN_UNTRUSTED_ROOT')).toMatch(/^test, SHA-256 [0-9a-f]{64}$/)
    expect(detailOf('CHAIN_NOT_YET_VALID')).toBe(
      'judged at 2026-01-15T12:00:00.250Z, the time of the document itself',
    )
    expect(detailOf('CHAIN_EXPIRED')).toBe('until 2026-01-15T15:00:00.000Z')
    expect(detailOf('DOCUMENT_FROM_FUTURE')).toBe('made 2026-01-15T12:00:00.250Z')
  })
})

describe('examineAttestation of a bad document', () => {
  it.each<readonly [string, AttestationSpec, Partial<VerifyOptions>]>([
    ['INPUT_EMPTY', { input: () => new Uint8Array() }, {}],
    ['CBOR_TRAILING_BYTES', { payload: (payload) => Buffer.concat([payload, hex('00')]) }, {}],
    ['DOCUMENT_TIMESTAMP_INVALID', { fields: withField('timestamp', uint(0)) }, {}],
    ['CHAIN_EXPIRED', {}, { clock: { now: () => after(86_400) } }],
    ['COSE_SIGNATURE_INVALID', { digest: 'sha256' }, {}],
    ['DOCUMENT_TOO_OLD', {}, { maxAgeSeconds: 0 }],
    ['RECIPIENT_KEY_MISSING', {}, { demandRecipientKey: true }],
  ])(
    'lists what is in front of %s as passed and what is behind as not reached',
    async (code, spec, options) => {
      const { checks } = await examine(spec, options)
      const at = checks.findIndex((check) => check.code === code)
      expect(checks.slice(0, at).filter(({ outcome }) => outcome !== 'passed')).toEqual([])
      expect(checks[at]).toMatchObject({ code, outcome: 'failed', detail: expect.any(String) })
      expect(checks.slice(at + 1).filter(({ outcome }) => outcome !== 'not-reached')).toEqual([])
    },
  )

  it('hands out nothing where nothing was read', async () => {
    const report = await examine({ input: () => hex('00') })
    expect(report).toMatchObject({ verdict: 'rejected', error: { code: 'COSE_STRUCTURE_INVALID' } })
    expect(report).toHaveProperty('unverified', { kind: null, document: null, chain: null })
  })

  it('hands out the document but no chain where the root is not trusted', async () => {
    const report = await examine({}, { anchors: [] })
    expect(report).toMatchObject({
      error: { code: 'CHAIN_NO_ANCHORS' },
      unverified: { kind: 'nitro-enclave', document: { timestamp: MADE, nonce: null }, chain: null },
    })
  })

  it('hands out document and chain where the chain has expired', async () => {
    const report = await examine({}, { clock: { now: () => after(11_000) } })
    expect(report).toMatchObject({
      error: { code: 'CHAIN_EXPIRED', message: 'certificate was valid until 2026-01-15T15:00:00.000Z' },
      unverified: { document: { moduleId: 'i-0123456789abcdef0-enc019bc13a1f3a0001' } },
    })
    expect(report.verdict === 'rejected' && report.unverified.chain).toHaveLength(5)
  })

  it('says null for a timestamp beyond every date, and for a window that cannot be read', async () => {
    const report = await examine({
      fields: withField('timestamp', uint(2n ** 53n - 1n)),
      certificates: { leaf: { notAfter: hex('05 00') } },
    })
    expect(report).toMatchObject({
      error: { code: 'CERT_VALIDITY_INVALID' },
      unverified: { document: { timestamp: null } },
    })
    const chain = report.verdict === 'rejected' ? report.unverified.chain : null
    expect(chain?.at(-1)).toMatchObject({ notBefore: null, notAfter: null })
  })

  it('never repeats what is in the document', async () => {
    const secret = 'hunter2-in-user-data'
    const report = await examine({
      fields: withField('module_id', bytes(Buffer.from(secret))),
    })
    expect(JSON.stringify(report)).not.toContain(secret)
  })

  it('rejects with TypeError where the options make no sense', async () => {
    await expect(examine({}, { maxAgeSeconds: NaN })).rejects.toThrow(TypeError)
  })

  it('rejects with TypeError where the input is no byte string', async () => {
    const text: unknown = 'document'
    const options = { anchors: [], clock: { now: () => JUDGED } }
    await expect(examineAttestation(text as Uint8Array, options)).rejects.toThrow(TypeError)
  })
})
