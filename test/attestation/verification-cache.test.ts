import { afterEach, describe, expect, it, vi } from 'vitest'
import * as p384 from '../../src/attestation/p384-verify.ts'
import { createFactStore } from '../../src/attestation/fact-store.ts'
import { createVerificationCache } from '../../src/attestation/verification-cache.ts'
import type { VerifyOptions } from '../../src/attestation/verify-options.ts'
import { examineAttestation } from '../../src/attestation/verify.ts'
import { spkiOf } from '../support/attestation/a-certificate.ts'
import type { TestAttestation } from '../support/attestation/an-attestation.ts'
import { after, JUDGED, KEYS, makeAttestation, withField } from '../support/attestation/an-attestation.ts'
import { bytes, uint } from '../support/attestation/cbor-bytes.ts'
import { hex } from '../support/attestation/der-bytes.ts'

vi.mock('../../src/attestation/p384-verify.ts', { spy: true })
afterEach(() => void vi.clearAllMocks())

const verifications = (): number => vi.mocked(p384.holdsP384).mock.calls.length

async function judge(
  { bytes: document, anchor }: TestAttestation,
  options: Partial<VerifyOptions>,
): Promise<string | null> {
  const report = await examineAttestation(document, {
    anchors: [anchor],
    clock: { now: () => JUDGED },
    ...options,
  })
  return report.verdict === 'rejected' ? report.error.code : null
}

const good = makeAttestation()
/** Another document under the same certificates. */
const second = makeAttestation({
  chain: () => good.chain,
  fields: withField('nonce', bytes(hex('02'))),
})
const secondOf = { bytes: second.bytes, chain: good.chain, anchor: good.anchor }

describe('the verification cache', () => {
  it('saves every verification the second time, and all but one for another document of the leaf', async () => {
    const cache = createVerificationCache()
    expect(await judge(good, { cache })).toBe(null)
    expect(verifications()).toBe(5)
    expect(await judge(good, { cache })).toBe(null)
    expect(verifications()).toBe(5)
    expect(await judge(secondOf, { cache })).toBe(null)
    expect(verifications()).toBe(6)
  })

  it('saves nothing where there is none', async () => {
    await judge(good, {})
    await judge(good, {})
    expect(verifications()).toBe(10)
  })

  it('holds 5 certificates, 4 signatures under keys and 1 document after one document', async () => {
    const cache = createVerificationCache()
    await judge(good, { cache })
    expect(cache.size).toBe(10)
    cache.clear()
    expect(cache.size).toBe(0)
  })

  it('never remembers a verdict: clock, age, anchors and recipient key count each time', async () => {
    const cache = createVerificationCache()
    await judge(good, { cache })
    expect(await judge(good, { cache, clock: { now: () => after(10_801) } })).toBe('CHAIN_EXPIRED')
    expect(await judge(good, { cache, clock: { now: () => after(-304) } })).toBe('CHAIN_NOT_YET_VALID')
    expect(await judge(good, { cache, maxAgeSeconds: 0 })).toBe('DOCUMENT_TOO_OLD')
    expect(await judge(good, { cache, anchors: [] })).toBe('CHAIN_NO_ANCHORS')
    expect(await judge(good, { cache, demandRecipientKey: true })).toBe('RECIPIENT_KEY_MISSING')
  })

  it('does not take a document for another one of the same leaf', async () => {
    const cache = createVerificationCache()
    await judge(good, { cache })
    const forged = makeAttestation({ chain: () => good.chain, signWith: KEYS.stranger.privateKey })
    expect(await judge({ ...forged, anchor: good.anchor }, { cache })).toBe('COSE_SIGNATURE_INVALID')
  })

  it.each([
    ['a document with a bad signature', { digest: 'sha256' }, {}],
    ['a chain with a bad signature', { certificates: { leaf: { digest: 'sha256' } } }, {}],
    ['a document that is too old', {}, { maxAgeSeconds: 0 }],
    ['a document that has expired', {}, { clock: { now: () => after(86_400) } }],
  ])('keeps nothing of %s', async (_, spec, options) => {
    const cache = createVerificationCache()
    expect(await judge(makeAttestation(spec), { ...options, cache })).not.toBe(null)
    expect(cache.size).toBe(0)
  })

  it('does not take a signature under one key for one under another key of the same name', async () => {
    const cache = createVerificationCache()
    await judge(good, { cache })
    const [root = hex(''), regional = hex(''), zonal = hex(''), , leaf = hex('')] = good.chain
    const other = makeAttestation({ certificates: { instance: { spki: spkiOf(KEYS.stranger.publicKey) } } })
    const spliced = makeAttestation({
      chain: () => [root, regional, zonal, other.chain[3] ?? hex(''), leaf],
    })
    expect(await judge({ ...spliced, anchor: good.anchor }, { cache })).toBe('CHAIN_SIGNATURE_INVALID')
  })

  it('drops what is over when the next document passes', async () => {
    const cache = createVerificationCache()
    await judge(good, { cache })
    const later = makeAttestation({
      certificates: { leaf: { notBefore: after(9000), notAfter: after(20_000) } },
      fields: withField('timestamp', uint(after(9100).getTime())),
      chain: (chain) => [...good.chain.slice(0, 4), ...chain.slice(4)],
    })
    const clock = { now: () => after(12_000) }
    expect(await judge({ ...later, anchor: good.anchor }, { cache, clock })).toBe(null)
    // The first leaf, its signature and its document are gone, those of the second are there.
    expect(cache.size).toBe(10)
  })

  it.each([0, 1, 3])('holds at most %i facts of a kind', async (limit) => {
    const cache = createVerificationCache(limit)
    expect(await judge(good, { cache })).toBe(null)
    expect(await judge(secondOf, { cache })).toBe(null)
    expect(cache.size).toBeLessThanOrEqual(3 * limit)
  })
})

describe('a fact store', () => {
  it('lets the fact go that was not used for longest', () => {
    const store = createFactStore<string>(2)
    store.keep('a', 'A', 10)
    store.keep('b', 'B', 10)
    expect(store.find('a')).toBe('A')
    store.keep('c', 'C', 10)
    expect([store.find('a'), store.find('b'), store.find('c')]).toEqual(['A', undefined, 'C'])
    expect(store.size).toBe(2)
  })

  it('holds a fact up to its last second', () => {
    const store = createFactStore<string>(4)
    store.keep('a', 'A', 10)
    store.keep('b', 'B', 20)
    store.forgetExpired(10)
    expect(store.size).toBe(2)
    store.forgetExpired(11)
    expect([store.find('a'), store.find('b')]).toEqual([undefined, 'B'])
    store.forgetExpired(21)
    expect(store.size).toBe(0)
  })
})
