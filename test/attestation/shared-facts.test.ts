import { describe, expect, it } from 'vitest'
import { createVerificationCache } from '../../src/attestation/verification-cache.ts'
import type { VerificationCache } from '../../src/attestation/verification-cache.ts'
import type { VerifyOptions } from '../../src/attestation/verify-options.ts'
import { examineAttestation, verifyAttestation } from '../../src/attestation/verify.ts'
import { JUDGED, makeAttestation } from '../support/attestation/an-attestation.ts'

const { bytes, anchor } = makeAttestation()
const HOUR = 3_600_000
const MUCH_LATER = new Date(JUDGED.getTime() + 8 * HOUR)
const options = (more: Partial<VerifyOptions> = {}): VerifyOptions => ({
  anchors: [anchor],
  clock: { now: () => JUDGED },
  ...more,
})

describe('what a caller does with results and options', () => {
  it('changes no fact in the cache: CHAIN_EXPIRED stays, whatever dates of a result are moved', async () => {
    const cache = createVerificationCache()
    const { chain } = await verifyAttestation(bytes, options({ cache }))
    const later = options({ cache, clock: { now: () => MUCH_LATER } })
    const report = await examineAttestation(bytes, later)
    const unverified = report.verdict === 'rejected' ? (report.unverified.chain ?? []) : []
    for (const { notAfter } of [...chain, ...unverified]) notAfter?.setFullYear(2099)
    await expect(verifyAttestation(bytes, later)).rejects.toMatchObject({ code: 'CHAIN_EXPIRED' })
  })

  it('changes nothing once the call is made', async () => {
    const given: { -readonly [Name in keyof VerifyOptions]: VerifyOptions[Name] } = options({
      demandRecipientKey: true,
    })
    const anchors = [anchor]
    const pending = examineAttestation(bytes, { ...options(), anchors })
    const demanded = examineAttestation(bytes, given)
    anchors.length = 0
    given.demandRecipientKey = false
    expect((await pending).verdict).toBe('accepted')
    expect((await demanded).checks.some(({ code }) => code === 'RECIPIENT_KEY_MISSING')).toBe(true)
  })

  it.each<readonly [string, object]>([
    ['a demand that is no boolean', { demandRecipientKey: 'true' }],
    ['a demand that is a number', { demandRecipientKey: 1 }],
    ['a cache that says yes to every signature', { cache: yesSayer() }],
  ])('is refused with TypeError: %s', async (_, wrong) => {
    await expect(verifyAttestation(bytes, { ...options(), ...wrong })).rejects.toThrow(TypeError)
  })
})

function yesSayer(): VerificationCache {
  return {
    findCertificate: () => undefined,
    hasSignature: () => true,
    hasDocument: () => true,
    remember: () => {},
    clear: () => {},
    size: 0,
  }
}
