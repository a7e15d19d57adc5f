import { describe, expect, it } from 'vitest'
import type { VerifyOptions } from '../../src/attestation/verify-options.ts'
import { unsafeEvaluationTime } from '../../src/attestation/verify-options.ts'
import { verifyAttestation } from '../../src/attestation/verify.ts'
import {
  after,
  JUDGED,
  MADE,
  makeAttestation,
  pcrValue,
  withField,
} from '../support/attestation/an-attestation.ts'
import { bytes } from '../support/attestation/cbor-bytes.ts'
import { verdictOn } from '../support/attestation/code-of.ts'
import { hex } from '../support/attestation/der-bytes.ts'
import { filler, NONSENSICAL_OPTIONS, ODD_BUT_VALID, pcrs, tpm } from './acceptances.ts'

describe('a document that is odd but valid', () => {
  it.for(ODD_BUT_VALID)('is accepted: %s', async ([, spec, options]) => {
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

  it.each(NONSENSICAL_OPTIONS)('rejects with TypeError for %s', async (_, odd) => {
    const { bytes: document, anchor } = makeAttestation()
    await expect(verifyAttestation(document, { ...options, anchors: [anchor], ...odd })).rejects.toThrow(
      TypeError,
    )
  })
})
