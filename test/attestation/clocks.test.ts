import { describe, expect, it } from 'vitest'
import { createVerificationCache } from '../../src/attestation/verification-cache.ts'
import type { VerifyOptions } from '../../src/attestation/verify-options.ts'
import { unsafeEvaluationTime } from '../../src/attestation/verify-options.ts'
import { examineAttestation, verifyAttestation } from '../../src/attestation/verify.ts'
import type { TestAttestation } from '../support/attestation/an-attestation.ts'
import { after, MADE, makeAttestation, withField } from '../support/attestation/an-attestation.ts'
import { bytes } from '../support/attestation/cbor-bytes.ts'
import { hex } from '../support/attestation/der-bytes.ts'

const good = makeAttestation()
/** Another document under the same certificates. */
const second: TestAttestation = {
  ...makeAttestation({ chain: () => good.chain, fields: withField('nonce', bytes(hex('02'))) }),
  anchor: good.anchor,
}
/** The last moment of the leaf, and of its last second. */
const END = after(10_799.75)
const LAST = after(10_800.749)
const OVER = after(10_800.75)

async function judge(
  { bytes: document, anchor }: TestAttestation,
  now: Date,
  options: Partial<VerifyOptions> = {},
): Promise<string | null> {
  const report = await examineAttestation(document, {
    anchors: [anchor],
    clock: { now: () => now },
    ...options,
  })
  return report.verdict === 'rejected' ? report.error.code : null
}

describe('a leaf that expires between two calls', () => {
  it.each([
    ['without a cache', undefined],
    ['with a cache', createVerificationCache()],
  ])('refuses the second one, the same bytes and others under the leaf: %s', async (_, cache) => {
    const options = cache ? { cache } : {}
    for (const time of [MADE, END, LAST]) {
      expect([time, await judge(good, time, options)]).toEqual([time, null])
    }
    expect(await judge(good, OVER, options)).toBe('CHAIN_EXPIRED')
    expect(await judge(second, OVER, options)).toBe('CHAIN_EXPIRED')
    expect(await judge(good, OVER, options)).toBe('CHAIN_EXPIRED')
    expect(await judge(second, END, options)).toBe(null)
    expect(await judge(second, OVER, options)).toBe('CHAIN_EXPIRED')
    expect(await judge(good, END, { ...options, maxAgeSeconds: 10_799 })).toBe('DOCUMENT_TOO_OLD')
  })

  it('refuses it too where an intermediate ends first, or the root', async () => {
    const cache = createVerificationCache()
    for (const level of ['root', 'regional', 'zonal', 'instance'] as const) {
      const made = makeAttestation({ certificates: { [level]: { notAfter: after(600) } } })
      expect(await judge(made, after(600.7), { cache })).toBe(null)
      expect(await judge(made, after(600.8), { cache })).toBe('CHAIN_EXPIRED')
    }
  })

  it('reads the clock for every document, at the beginning of each call', async () => {
    const cache = createVerificationCache()
    const times = [MADE, OVER, MADE]
    const clock = { now: () => times.shift() ?? new Date(NaN) }
    const verify = async (): Promise<string> =>
      (await examineAttestation(good.bytes, { anchors: [good.anchor], clock, cache })).verdict
    expect([await verify(), await verify(), await verify()]).toEqual(['accepted', 'rejected', 'accepted'])
    expect(times).toEqual([])
  })
})

describe('the option that replaces the present time', () => {
  const present = { anchors: [good.anchor], clock: { now: () => OVER } }

  it('is keyed by a symbol that nobody else has, so that no text, file or request can set it', async () => {
    expect(typeof unsafeEvaluationTime).toBe('symbol')
    expect(Symbol.keyFor(unsafeEvaluationTime)).toBeUndefined()
    const fromFile: unknown = JSON.parse(
      '{"unsafeEvaluationTime":"document","Symbol(unsafeEvaluationTime)":"document","evaluationTime":"document"}',
    )
    const options = { ...(fromFile as object), ...present, [Symbol('unsafeEvaluationTime')]: 'document' }
    await expect(verifyAttestation(good.bytes, options)).rejects.toThrow(
      expect.objectContaining({ code: 'CHAIN_EXPIRED' }),
    )
  })

  it('is lost where options are written as JSON and read again', async () => {
    const unsafe: VerifyOptions = { ...present, [unsafeEvaluationTime]: 'document' }
    expect((await verifyAttestation(good.bytes, unsafe)).evaluationClock).toBe('document')
    expect(JSON.stringify(unsafe)).not.toMatch(/unsafe|document/)
  })

  it('is told in every verdict, with the time', async () => {
    const judged = async (time?: 'document' | Date): Promise<readonly unknown[]> => {
      const unsafe = time === undefined ? { clock: { now: () => MADE } } : { [unsafeEvaluationTime]: time }
      const { evaluationClock, evaluatedAt } = await verifyAttestation(good.bytes, { ...present, ...unsafe })
      return [evaluationClock, evaluatedAt]
    }
    expect(await judged()).toEqual(['present', MADE])
    expect(await judged('document')).toEqual(['document', MADE])
    expect(await judged(END)).toEqual(['fixed', END])
  })
})
