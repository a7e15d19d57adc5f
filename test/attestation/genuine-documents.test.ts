import { describe, expect, it } from 'vitest'
import { AWS_NITRO_ROOT } from '../../src/attestation/roots/aws-nitro.ts'
import { createVerificationCache } from '../../src/attestation/verification-cache.ts'
import type { VerifyOptions } from '../../src/attestation/verify-options.ts'
import { unsafeEvaluationTime } from '../../src/attestation/verify-options.ts'
import { examineAttestation, verifyAttestation } from '../../src/attestation/verify.ts'
import { systemClock } from '../../src/core/clock.ts'
import {
  BAD_DOCUMENTS,
  GENUINE_DOCUMENTS,
  haveGenuineDocuments,
  NEEDS_GENUINE_DOCUMENTS,
} from '../support/attestation/genuine-documents.ts'

const now: VerifyOptions = { anchors: [AWS_NITRO_ROOT], clock: systemClock }
const atOwnTime: VerifyOptions = { ...now, [unsafeEvaluationTime]: 'document' }

async function codeOf(bytes: Uint8Array, options: VerifyOptions): Promise<string | null> {
  const report = await examineAttestation(bytes, options)
  return report.verdict === 'rejected' ? report.error.code : null
}

describe.skipIf(!haveGenuineDocuments)(`genuine documents${NEEDS_GENUINE_DOCUMENTS}`, () => {
  it('are there', () => {
    expect(GENUINE_DOCUMENTS.length).toBeGreaterThanOrEqual(70)
    expect(BAD_DOCUMENTS.length).toBeGreaterThanOrEqual(6)
  })

  it.each(GENUINE_DOCUMENTS)(
    '$file is accepted at its own time and says what the index says',
    async (one) => {
      const verified = await verifyAttestation(one.bytes, atOwnTime)
      expect(verified.kind).toBe(one.index.kind)
      expect(verified.moduleId).toBe(one.index.module_id)
      expect(verified.timestamp).toEqual(new Date(one.index.timestamp))
      expect([...verified.pcrs.keys()]).toEqual(one.index.pcr_indexes)
      const nonzero = [...verified.pcrs].filter(([, value]) => value.some((octet) => octet !== 0))
      expect(nonzero.map(([index]) => index)).toEqual(one.index.nonzero_pcrs)
      expect(verified.chain).toEqual(
        one.index.chain.toReversed().map(({ subject, not_before, not_after, sha256 }) => ({
          subject,
          notBefore: new Date(not_before),
          notAfter: new Date(not_after),
          sha256,
        })),
      )
      expect(verified.anchor).toBe(AWS_NITRO_ROOT)
      expect(verified.evaluationClock).toBe('document')
      expect(verified.evaluatedAt).toEqual(verified.timestamp)
    },
  )

  it.each(GENUINE_DOCUMENTS)('$file is refused now: CHAIN_EXPIRED', async ({ bytes }) => {
    expect(await codeOf(bytes, now)).toBe('CHAIN_EXPIRED')
  })

  it('are accepted in the whole of their window to the second, and not beside it', async () => {
    for (const { bytes } of GENUINE_DOCUMENTS.slice(0, 10)) {
      const { validFrom, validUntil, timestamp } = await verifyAttestation(bytes, atOwnTime)
      const at = async (milliseconds: number): Promise<string | null> =>
        codeOf(bytes, { ...now, clock: { now: () => new Date(milliseconds) } })
      expect(await at(validUntil.getTime() + 999)).toBe(null)
      expect(await at(validUntil.getTime() + 1000)).toBe('CHAIN_EXPIRED')
      expect(await at(timestamp.getTime() - 300_000)).toBe(
        timestamp.getTime() - validFrom.getTime() > 0 ? null : 'CHAIN_NOT_YET_VALID',
      )
      expect(await at(validFrom.getTime() - 301_000)).toBe('CHAIN_NOT_YET_VALID')
    }
  })

  it.each(GENUINE_DOCUMENTS)('$file as a recipient is what the index says', async ({ bytes, index }) => {
    const code = await codeOf(bytes, { ...atOwnTime, demandRecipientKey: true })
    if (index.public_key.kms_recipient_key) expect(code).toBe(null)
    else expect(code).toMatch(/^RECIPIENT_KEY_(MISSING|NOT_SPKI)$/)
  })

  it('give the same with a cache, the first and the second time', async () => {
    const cache = createVerificationCache()
    for (const { bytes } of [...GENUINE_DOCUMENTS, ...GENUINE_DOCUMENTS]) {
      expect(await codeOf(bytes, { ...atOwnTime, cache })).toBe(null)
      expect(await codeOf(bytes, { ...now, cache })).toBe('CHAIN_EXPIRED')
    }
  })

  // What is wrong with each was found out by hand with another reader.
  const reasons = new Map([
    ['neg_bad-cose-signature', 'COSE_SIGNATURE_INVALID'],
    ['neg_mock-custom-root', 'CHAIN_UNTRUSTED_ROOT'],
    ['neg_missing-3-bytes', 'CBOR_TEXT_INVALID'],
    ['neg_bad-leaf-der', 'CHAIN_UNTRUSTED_ROOT'],
    ['neg_malformed-pcr', 'COSE_SIGNATURE_LENGTH_INVALID'],
    ['neg_not-an-attestation', 'COSE_UNPROTECTED_NOT_EMPTY'],
  ])
  const bad = BAD_DOCUMENTS.map(({ file, bytes }) => {
    const known = reasons.get(file.replace(/_[0-9a-f]{8}\.bin$/, ''))
    return { file, bytes, code: known ?? 'whatever fits', expected: known ?? expect.any(String) }
  })
  it.each(bad)('$file is refused: $code', async ({ bytes, expected }) => {
    expect(await codeOf(bytes, atOwnTime)).toEqual(expected)
  })

  it('with one flipped bit anywhere in payload or signature are refused', async () => {
    const [document] = GENUINE_DOCUMENTS
    const bytes = document?.bytes ?? new Uint8Array()
    for (let at = 8; at < bytes.length; at += 97) {
      const flipped = Uint8Array.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
      expect(await codeOf(flipped, atOwnTime)).not.toBe(null)
    }
  })
})
