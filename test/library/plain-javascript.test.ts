import { describe, expect, it } from 'vitest'
import { examineAttestation, systemClock, unsafeEvaluationTime } from '../../src/library/attestation.ts'
import { createLabPki, issueDocument } from '../../src/library/simulator.ts'

const pki = createLabPki({ seed: 'plain JavaScript' })
const good = { kind: 'nitro-enclave', at: new Date('2026-01-15T12:00:00Z') } as const
const { document } = issueDocument(pki, good)

/** What no type checker has seen. */
const untyped = (value: unknown): never => value as never

describe('values of another type, as plain JavaScript passes them, are refused with TypeError', () => {
  const options: readonly object[] = [
    { kind: 'nitro-tpm' },
    { kind: undefined },
    { at: '2026-01-15T12:00:00Z' },
    { at: undefined },
    { startedAt: 0 },
    { roleArn: 1 },
    { profile: '2020' },
    { profile: 'constructor' },
    { nonce: 'text' },
    { userData: [1, 2, 3] },
    { publicKey: new ArrayBuffer(8) },
    { signingCertificate: '-----BEGIN CERTIFICATE-----' },
    { pcrs: { 0: new Uint8Array(48) } },
  ]
  it.for(options)('issueDocument: %j', (wrong) => {
    expect(() => issueDocument(pki, untyped({ ...good, ...wrong }))).toThrow(TypeError)
  })

  it.for([{}, { seed: 1 }, { seed: null }, { seed: 'a', partition: null }])('createLabPki: %j', (wrong) => {
    expect(() => createLabPki(untyped(wrong))).toThrow(TypeError)
  })

  it.for([undefined, null, 'text', [1], new ArrayBuffer(8)])(
    'examineAttestation: %j as bytes',
    async (bytes) => {
      const examined = examineAttestation(untyped(bytes), { anchors: [], clock: systemClock })
      await expect(examined).rejects.toThrow(TypeError)
    },
  )

  const settings: readonly [string, object][] = [
    ['nothing', {}],
    ['no clock', { anchors: [] }],
    ['no anchors', { clock: systemClock }],
    ['a clock without a time', { anchors: [], clock: { now: () => new Date(NaN) } }],
    ['an unknown unsafe clock', { anchors: [], clock: systemClock, [unsafeEvaluationTime]: 'DOCUMENT' }],
    ['an age that is a text', { anchors: [], clock: systemClock, maxAgeSeconds: '60' }],
  ]
  it.for(settings)('examineAttestation: %s', async ([, wrong]) => {
    await expect(examineAttestation(document, untyped(wrong))).rejects.toThrow(TypeError)
  })
})
