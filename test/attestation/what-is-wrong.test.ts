import { describe, expect, it } from 'vitest'
import { AWS_NITRO_ROOT } from '../../src/attestation/roots/aws-nitro.ts'
import { createVerificationCache } from '../../src/attestation/verification-cache.ts'
import type { VerifyOptions } from '../../src/attestation/verify-options.ts'
import { unsafeEvaluationTime } from '../../src/attestation/verify-options.ts'
import type { Findings } from '../../src/attestation/what-is-wrong.ts'
import { findWhatIsWrong } from '../../src/attestation/what-is-wrong.ts'
import type { AttestationSpec } from '../support/attestation/an-attestation.ts'
import { after, JUDGED, KEYS, makeAttestation } from '../support/attestation/an-attestation.ts'
import { hex } from '../support/attestation/der-bytes.ts'

async function find(spec: AttestationSpec = {}, options: Partial<VerifyOptions> = {}): Promise<Findings> {
  const { bytes, anchor } = makeAttestation(spec)
  const settings = { anchors: [anchor], clock: { now: () => JUDGED }, ...options }
  return findWhatIsWrong(bytes, settings, anchor.sha256)
}

/** The codes alone: the first, then what stands behind it with what was assumed. */
const codes = ({ wrong, further }: Findings): readonly unknown[] => [
  wrong?.code ?? null,
  ...further.map((one) => [...one.assuming, one.wrong?.code ?? null]),
]

const later = { clock: { now: () => after(86_400) } }
const foreign = { anchors: [AWS_NITRO_ROOT] }
const forged = { signWith: KEYS.stranger.privateKey }

describe('findWhatIsWrong', () => {
  it.each<readonly [string, AttestationSpec, Partial<VerifyOptions>, readonly unknown[]]>([
    ['nothing', {}, {}, [null]],
    ['a forged signature', forged, {}, ['COSE_SIGNATURE_INVALID']],
    ['age', {}, later, ['CHAIN_EXPIRED', ['its own time', null]]],
    [
      'age above a forged signature',
      forged,
      later,
      ['CHAIN_EXPIRED', ['its own time', 'COSE_SIGNATURE_INVALID']],
    ],
    ['a maximum age', {}, { maxAgeSeconds: 0 }, ['DOCUMENT_TOO_OLD', ['its own time', null]]],
    ['the root', {}, foreign, ['CHAIN_UNTRUSTED_ROOT', ['its own root', null]]],
    ['no root at all', {}, { anchors: [] }, ['CHAIN_NO_ANCHORS', ['its own root', null]]],
    [
      'the root above age above a forged signature',
      forged,
      { ...foreign, ...later },
      [
        'CHAIN_UNTRUSTED_ROOT',
        ['its own root', 'CHAIN_EXPIRED'],
        ['its own root', 'its own time', 'COSE_SIGNATURE_INVALID'],
      ],
    ],
    [
      'an early document, looked at under its own clock',
      { certificates: { leaf: { notBefore: after(400) } } },
      { [unsafeEvaluationTime]: 'document' },
      ['CHAIN_NOT_YET_VALID'],
    ],
    ['a recipient key', {}, { demandRecipientKey: true }, ['RECIPIENT_KEY_MISSING']],
    ['everything', { input: () => hex('00') }, {}, ['COSE_STRUCTURE_INVALID']],
  ])('finds what stands in the way, and what stands behind it: %s', async (_, spec, options, expected) => {
    expect(codes(await find(spec, options))).toEqual(expected)
  })

  it('says check and message in words', async () => {
    expect((await find({}, { clock: { now: () => after(10_801) } })).wrong).toEqual({
      code: 'CHAIN_EXPIRED',
      check: 'certificates are still valid',
      message: 'certificate was valid until 2026-01-15T15:00:00.000Z',
    })
  })

  it('answers words only: nothing of the document, no key, and nothing that was verified', async () => {
    const findings = await find({}, foreign)
    expect(Object.keys(findings)).toEqual(['wrong', 'further'])
    expect(JSON.stringify(findings)).not.toMatch(/i-0123456789abcdef0|pcrs|attestation"/)
  })

  it('remembers nothing, whatever it took for granted', async () => {
    const cache = createVerificationCache()
    await find({}, { ...foreign, cache })
    await find({}, { cache })
    expect(cache.size).toBe(0)
  })
})
