import { decode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AttestationError } from '../../src/attestation/errors.ts'
import { verifyAttestation } from '../../src/attestation/verify.ts'
import { parseTrustAnchor } from '../../src/attestation/trust-anchor.ts'
import { SimulatorError } from '../../src/simulator/errors.ts'
import type { IssueOptions } from '../../src/simulator/issue-document.ts'
import { issueDocument } from '../../src/simulator/issue-document.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import { PROFILES } from '../../src/simulator/profile.ts'
import { runs } from '../support/property-runs.ts'

const pki = createLabPki({ seed: 'any request' })
const anchors = [parseTrustAnchor(pki.rootCertificate, { name: 'lab', partitions: ['aws'], source: 'lab' })]

const oddDate = fc.oneof(
  fc.date({ max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: false }),
  fc.constantFrom(-1, 0, 1, 1.5e12, 2.4e12, 2.5e12, NaN).map((milliseconds) => new Date(milliseconds)),
)
const goodDate = fc.date({
  min: new Date('2019-02-01T00:00:00Z'),
  max: new Date('2048-12-01T00:00:00Z'),
  noInvalidDate: true,
})
const bytes = (most: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(0, most).map((length) => new Uint8Array(length)),
  )
const pcrs = fc
  .uniqueArray(fc.tuple(fc.nat(31), fc.uint8Array({ minLength: 48, maxLength: 48 })), {
    selector: ([index]) => index,
  })
  .map((entries) => new Map(entries))
const oddPcrs = fc
  .tuple(fc.constantFrom(-1, 32, 0.5, NaN, 0), fc.constantFrom(0, 32, 47, 48, 49))
  .map(([index, length]) => new Map([[index, new Uint8Array(length)]]))

/** Requests that can be met, and requests with something in them that cannot. */
const options: fc.Arbitrary<IssueOptions> = fc.record(
  {
    kind: fc.constantFrom('nitro-enclave' as const, 'nitrotpm' as const),
    at: fc.oneof({ arbitrary: goodDate, weight: 6 }, oddDate),
    region: fc.oneof(
      { arbitrary: fc.constantFrom('us-east-1', 'ap-southeast-2', 'us-gov-west-1'), weight: 6 },
      fc.constantFrom('', 'US', 'us-east-1\n', '../x', 'a'.repeat(99)),
    ),
    instanceId: fc.oneof(
      { arbitrary: fc.constantFrom('i-0123456789abcdef0'), weight: 6 },
      fc.constantFrom('', 'i-1', 'i-0123456789ABCDEF0', 'i-0123456789abcdef0\n'),
    ),
    startedAt: fc.oneof({ arbitrary: goodDate, weight: 6 }, oddDate),
    publicKey: fc.option(bytes(1024)),
    nonce: fc.option(bytes(1024)),
    userData: fc.option(bytes(1025)),
    pcrs: fc.oneof({ arbitrary: pcrs, weight: 6 }, oddPcrs),
    debug: fc.boolean(),
    roleArn: fc.string(),
    signingCertificate: bytes(5000),
    profile: fc.constantFrom(...PROFILES),
  },
  { requiredKeys: ['kind', 'at'] },
)

async function codeOf(document: Uint8Array, now: Date): Promise<string | null> {
  try {
    await verifyAttestation(document, { anchors, clock: { now: () => now } })
    return null
  } catch (error) {
    if (error instanceof AttestationError) return error.code
    throw error
  }
}

describe('issueDocument, asked for anything', () => {
  it('refuses with a SIMULATOR code, or makes a document that says what was asked and that the verifier takes', async () => {
    const seen = new Set<string>()
    await fc.assert(
      fc.asyncProperty(options, async (asked) => {
        let document: Uint8Array
        try {
          ;({ document } = issueDocument(pki, asked))
        } catch (error) {
          expect(error).toBeInstanceOf(SimulatorError)
          expect(error).toHaveProperty('code', expect.stringMatching(/^SIMULATOR_/))
          seen.add('refused')
          return
        }
        seen.add('made')
        const isTooLong = (asked.userData?.length ?? 0) > 1024
        expect(await codeOf(document, asked.at)).toBe(isTooLong ? 'DOCUMENT_OPTIONAL_SIZE_INVALID' : null)
        const [, , payload]: unknown[] = decode(document, { useMaps: true })
        const fields: unknown = payload instanceof Uint8Array && decode(payload, { useMaps: true })
        const [said, nonce] = fields instanceof Map ? [fields.get('timestamp'), fields.get('nonce')] : []
        expect([said, nonce]).toEqual([asked.at.getTime(), asked.nonce ?? null])
      }),
      runs(40),
    )
    expect([...seen].toSorted()).toEqual(['made', 'refused'])
  })
})
