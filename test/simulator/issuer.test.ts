import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { issueDocument } from '../../src/simulator/issue-document.ts'
import { LabIssuer } from '../../src/simulator/issuer.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import { codeFromVerifier } from './code-from-verifier.ts'

const pki = createLabPki({ seed: 'issuer' })
const start = new Date('2026-04-21T10:00:00.000Z')
const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** An issuer whose clock a test can set, in milliseconds after the start. */
function issuerWithClock(capacity?: number) {
  let now = start
  const issuer = new LabIssuer({
    pki,
    clock: { now: () => now },
    ...(capacity !== undefined && { capacity }),
  })
  const issueAfter = (milliseconds: number, options: { instanceId?: string; region?: string } = {}) => {
    now = new Date(start.getTime() + milliseconds)
    return { now, ...issuer.issue({ kind: 'nitro-enclave', ...options }) }
  }
  return { issuer, issueAfter }
}

const levels = ({ certificates }: { certificates: readonly Uint8Array[] }) =>
  certificates.map((der) => new X509Certificate(der).fingerprint256)

/** How many certificates, counted from the root, two documents share. */
const shared = (a: { certificates: readonly Uint8Array[] }, b: { certificates: readonly Uint8Array[] }) =>
  levels(a).filter((fingerprint, level) => fingerprint === levels(b)[level]).length

describe('an issuer', () => {
  it('gives the first document the bytes that issueDocument gives', () => {
    const { issueAfter } = issuerWithClock()
    expect(issueAfter(0).document).toEqual(issueDocument(pki, { kind: 'nitro-enclave', at: start }).document)
  })

  it.each([
    ['all five certificates', 'after 5 minutes', 5 * MINUTE, 5],
    ['all five', 'a second before 2 h 45 min of the leaf are over', 2 * HOUR + 45 * MINUTE - 4000, 5],
    ['four', 'once they are over', 2 * HOUR + 45 * MINUTE, 4],
    ['four', 'while the instance certificate is under 12 h old', 10 * HOUR - 1, 4],
    ['three', 'once it is 12 h old', 10 * HOUR, 3],
    ['the root alone', 'once the zonal certificate is 22 h old', 12 * HOUR, 1],
  ])('uses %s again %s', (_, __, milliseconds, expected) => {
    const { issueAfter } = issuerWithClock()
    const first = issueAfter(0)
    const second = issueAfter(milliseconds)
    expect(shared(first, second)).toBe(expected)
    expect(second.moduleId).toBe(first.moduleId)
  })

  it('goes on under a clock that is set back, with certificates that are valid then', async () => {
    const { issuer, issueAfter } = issuerWithClock()
    issueAfter(0)
    for (const milliseconds of [-MINUTE, -3 * HOUR, -90 * 24 * HOUR, 0, 90 * 24 * HOUR]) {
      const { document, now } = issueAfter(milliseconds)
      expect(await codeFromVerifier({ document, now, roots: [issuer.rootCertificate] })).toBeNull()
    }
  })

  it('issues documents that are accepted over two days, and windows that lie in one another', async () => {
    const { issuer, issueAfter } = issuerWithClock()
    for (let milliseconds = 0; milliseconds < 48 * HOUR; milliseconds += 97 * MINUTE) {
      const { document, now, certificates } = issueAfter(milliseconds)
      expect(await codeFromVerifier({ document, now, roots: [issuer.rootCertificate] })).toBeNull()
      const chain = certificates.map((der) => new X509Certificate(der))
      chain.slice(1).forEach((certificate, level) => {
        expect(certificate.validFromDate >= (chain[level]?.validFromDate ?? 0)).toBe(true)
        expect(certificate.validToDate <= (chain[level]?.validToDate ?? 0)).toBe(true)
      })
    }
  })

  it('shares the zonal certificate between instances and nothing but the root between Regions', () => {
    const { issueAfter } = issuerWithClock()
    const first = issueAfter(0)
    expect(shared(first, issueAfter(1000, { instanceId: 'i-0123456789abcdef0' }))).toBe(3)
    expect(shared(first, issueAfter(1000, { region: 'eu-west-1' }))).toBe(1)
  })

  it('forgets the enclave that was not used for longest when there are more than it remembers', () => {
    const { issueAfter } = issuerWithClock(2)
    const idOf = (number: number) => ({ instanceId: `i-0123456789abcdef${number}` })
    const [one, two] = [issueAfter(0, idOf(1)), issueAfter(0, idOf(2))]
    expect(shared(issueAfter(1000, idOf(1)), one)).toBe(5)
    issueAfter(1000, idOf(3))
    expect(shared(issueAfter(2000, idOf(1)), one)).toBe(5)
    const again = issueAfter(2000, idOf(2))
    expect(shared(again, two)).toBeLessThan(5)
    expect(again.moduleId).not.toBe(two.moduleId)
  })

  it('makes one document faulty and the next one good', async () => {
    const { issuer } = issuerWithClock()
    const roots = [pki.rootCertificate]
    const faulty = issuer.issue({ kind: 'nitro-enclave', fault: 'chain-leaf-is-ca' })
    const good = issuer.issue({ kind: 'nitro-enclave' })
    expect(await codeFromVerifier({ document: faulty.document, now: start, roots })).toBe('CHAIN_LEAF_IS_CA')
    expect(await codeFromVerifier({ document: good.document, now: start, roots })).toBeNull()
  })
})
