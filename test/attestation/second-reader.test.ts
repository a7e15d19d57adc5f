import { describe, expect, it, vi } from 'vitest'
import * as reader from '../../src/attestation/second-reader.ts'
import { agreesWithSecondReader } from '../../src/attestation/second-reader.ts'
import type { SoundCertificate } from '../../src/attestation/certificate-checks.ts'
import { checkCertificates } from '../../src/attestation/certificate-checks.ts'
import { parseCertificate } from '../../src/attestation/certificate.ts'
import type { Chain } from '../../src/attestation/chain.ts'
import { createVerificationCache } from '../../src/attestation/verification-cache.ts'
import { verifyAttestation } from '../../src/attestation/verify.ts'
import { JUDGED, makeAttestation } from '../support/attestation/an-attestation.ts'

vi.mock('../../src/attestation/second-reader.ts', { spy: true })

const good = makeAttestation()

function sound(der: Uint8Array): SoundCertificate {
  const chain: Chain = { bundle: [], leaf: { place: 'test', certificate: parseCertificate(der, 'test') } }
  checkCertificates(chain)
  return chain.leaf.certificate
}

describe('agreesWithSecondReader', () => {
  it.each([1, 2, 3])('agrees on the intermediate %i of a good chain', (index) => {
    expect(agreesWithSecondReader(sound(good.chain[index] ?? new Uint8Array()))).toBe(true)
  })

  const zonal = sound(good.chain[2] ?? new Uint8Array())
  const later = new Date(zonal.validity.notAfter.getTime() + 1000)
  const misread: readonly (readonly [string, Partial<SoundCertificate>])[] = [
    ['the end', { validity: { ...zonal.validity, notAfter: later } }],
    ['the beginning', { validity: { ...zonal.validity, notBefore: later } }],
    ['the key', { spkiSha256: '00'.repeat(32) }],
    [
      'the path length',
      { extensions: { ...zonal.extensions, basicConstraints: { isCa: true, pathLength: null } } },
    ],
    ['the critical extensions', { extensions: { ...zonal.extensions, critical: [] } }],
    ['the bytes', { der: zonal.der.subarray(0, 20) }],
    ['a leaf', { der: good.chain[4] ?? new Uint8Array() }],
  ]
  it.each(misread)('does not agree where %s was read differently', (_, change) => {
    expect(agreesWithSecondReader({ ...zonal, ...change })).toBe(false)
  })

  it('does not agree on a certificate without the two extensions', () => {
    const bare = makeAttestation({ certificates: { zonal: { extensions: [] } } })
    expect(agreesWithSecondReader(sound(bare.chain[2] ?? new Uint8Array()))).toBe(false)
  })
})

describe('verifyAttestation', () => {
  const options = { anchors: [good.anchor], clock: { now: () => JUDGED } }

  it('refuses with CERT_NOT_DER, and keeps nothing, where the second reader disagrees', async () => {
    const cache = createVerificationCache()
    vi.mocked(reader.agreesWithSecondReader).mockReturnValueOnce(false)
    await expect(verifyAttestation(good.bytes, { ...options, cache })).rejects.toMatchObject({
      code: 'CERT_NOT_DER',
      message: 'cabundle[1] reads differently to a second reader',
    })
    expect(cache.size).toBe(0)
  })

  it('asks the second reader about each intermediate once', async () => {
    const cache = createVerificationCache()
    vi.mocked(reader.agreesWithSecondReader).mockClear()
    await verifyAttestation(good.bytes, { ...options, cache })
    await verifyAttestation(good.bytes, { ...options, cache })
    expect(reader.agreesWithSecondReader).toHaveBeenCalledTimes(3)
  })
})
