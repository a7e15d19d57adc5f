import { describe, expect, it } from 'vitest'
import type { Acceptability } from '../../src/attestation/acceptability.ts'
import { acceptabilityAt } from '../../src/attestation/acceptability.ts'
import type { VerifyOptions } from '../../src/attestation/verify-options.ts'
import { inspectAttestation } from '../../src/attestation/inspect.ts'
import { examineAttestation } from '../../src/attestation/verify.ts'
import type { AttestationSpec } from '../support/attestation/an-attestation.ts'
import { after, MADE, makeAttestation, withField } from '../support/attestation/an-attestation.ts'
import { uint } from '../support/attestation/cbor-bytes.ts'
import { hex } from '../support/attestation/der-bytes.ts'

interface Case {
  readonly spec?: AttestationSpec
  readonly settings?: Pick<VerifyOptions, 'maxAgeSeconds' | 'futureSkewSeconds'>
}

async function acceptability({ spec, settings }: Case, time: Date): Promise<Acceptability> {
  const { timestamp, chain } = await inspectAttestation(makeAttestation(spec).bytes)
  return acceptabilityAt(time, { timestamp, chain, ...settings })
}

/** Whether the verifier takes the document at a time. */
async function isAccepted({ spec, settings }: Case, time: Date): Promise<boolean> {
  const { bytes, anchor } = makeAttestation(spec)
  const clock = { now: () => time }
  const report = await examineAttestation(bytes, { anchors: [anchor], clock, ...settings })
  return report.verdict === 'accepted'
}

const timestamp = (seconds: number): AttestationSpec => ({
  fields: withField('timestamp', uint(after(seconds).getTime())),
})

describe('acceptabilityAt', () => {
  it.each<readonly [string, Case]>([
    ['a good document', {}],
    ['a maximum age', { settings: { maxAgeSeconds: 60 } }],
    ['no tolerance', { settings: { futureSkewSeconds: 0 } }],
    [
      'an instance certificate that ends first',
      { spec: { certificates: { instance: { notAfter: after(900.75) } } } },
    ],
    ['a timestamp late in the leaf’s life', { spec: timestamp(9_000) }],
    ['a timestamp just before the leaf', { spec: timestamp(-200) }],
  ])('is the window that the verifier keeps, to the second: %s', async (_, one) => {
    const window = await acceptability(one, MADE)
    if (!('from' in window)) throw new Error(`no window: ${window.state}`)
    const { from, until } = window
    const at = (date: Date, milliseconds: number): Date => new Date(date.getTime() + milliseconds)
    const edges: readonly (readonly [Date, Acceptability['state']])[] = [
      [at(from, -1000), 'not-yet'],
      [from, 'now'],
      [until, 'now'],
      [at(until, 1000), 'over'],
    ]
    for (const [time, state] of edges) {
      expect([time, (await acceptability(one, time)).state]).toEqual([time, state])
      expect([time, await isAccepted(one, time)]).toEqual([time, state === 'now'])
    }
  })

  it('begins 300 s before the document and ends with the first certificate that ends', async () => {
    expect(await acceptability({}, MADE)).toEqual({
      state: 'now',
      from: new Date('2026-01-15T11:55:00.250Z'),
      until: new Date('2026-01-15T15:00:00.000Z'),
    })
  })

  it.each<readonly [string, AttestationSpec]>([
    ['the timestamp lies before the leaf', timestamp(-400)],
    ['the timestamp lies after the leaf', timestamp(20_000)],
    ['a certificate ends before another begins', { certificates: { zonal: { notAfter: after(-3_000) } } }],
  ])('is never where %s', async (_, spec) => {
    expect(await acceptability({ spec }, MADE)).toEqual({ state: 'never' })
    for (const seconds of [-400, -200, 0, 5_000, 20_000]) {
      expect(await isAccepted({ spec }, after(seconds))).toBe(false)
    }
  })

  it.each<readonly [string, AttestationSpec]>([
    ['a window', { certificates: { leaf: { notAfter: hex('05 00') } } }],
    ['the timestamp', { fields: withField('timestamp', uint(2n ** 53n - 1n)) }],
    ['everything', { input: () => hex('00') }],
  ])('is unknown where %s cannot be read', async (_, spec) => {
    expect(await acceptability({ spec }, MADE)).toEqual({ state: 'unknown' })
  })
})
