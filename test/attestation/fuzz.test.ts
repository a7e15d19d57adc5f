import { decode } from 'cborg'
import { describe, expect, it } from 'vitest'
import { AWS_NITRO_ROOT } from '../../src/attestation/roots/aws-nitro.ts'
import { createVerificationCache } from '../../src/attestation/verification-cache.ts'
import type { VerifyOptions } from '../../src/attestation/verify-options.ts'
import { unsafeEvaluationTime } from '../../src/attestation/verify-options.ts'
import { examineAttestation } from '../../src/attestation/verify.ts'
import { systemClock } from '../../src/core/clock.ts'
import { makeAttestation, withField } from '../support/attestation/an-attestation.ts'
import { bytes } from '../support/attestation/cbor-bytes.ts'
import {
  GENUINE_DOCUMENTS,
  haveGenuineDocuments,
  NEEDS_GENUINE_DOCUMENTS,
} from '../support/attestation/genuine-documents.ts'
import { makeDice, mutate } from '../support/attestation/mutations.ts'
import { FACTOR, isLongRun, SEED } from '../support/property-runs.ts'

/** How many documents are changed. */
const COUNT = 400 * FACTOR

/** What is signed, and the signature, as an independent reader finds them. */
function signedPartsOf(document: Uint8Array): string {
  const elements: unknown = decode(document, {
    useMaps: true,
    tags: { 18: (inner: () => unknown) => inner() },
  })
  if (!Array.isArray(elements) || elements.length !== 4) throw new TypeError('no COSE_Sign1')
  return [elements[0], elements[2], elements[3]].map((part) => Buffer.from(part).toString('hex')).join(' ')
}

interface Tally {
  readonly accepted: number
  readonly refused: Readonly<Record<string, number>>
  /** Documents that were accepted although what is signed is not that of a good one. */
  readonly forgeries: readonly string[]
}

async function fuzz(documents: readonly Uint8Array[], options: VerifyOptions, count: number): Promise<Tally> {
  const good = new Set(documents.map(signedPartsOf))
  const dice = makeDice(SEED)
  const cache = createVerificationCache()
  const refused: Record<string, number> = {}
  const forgeries: string[] = []
  let accepted = 0
  for (let round = 0; round < count; round++) {
    const [one, other] = [documents[dice(documents.length)], documents[dice(documents.length)]]
    if (!one || !other) throw new RangeError('no documents')
    let changed = mutate(one, other, dice)
    if (changed.length > 0 && dice(4) === 0) changed = changed.with(dice(changed.length), dice(256))
    // Every second time with the cache, so that facts about good documents are at hand.
    const report = await examineAttestation(changed, round % 2 ? { ...options, cache } : options)
    if (report.verdict === 'rejected') {
      refused[report.error.code] = (refused[report.error.code] ?? 0) + 1
    } else {
      accepted++
      if (!good.has(signedPartsOf(changed))) forgeries.push(Buffer.from(changed).toString('base64'))
    }
  }
  return { accepted, refused, forgeries }
}

function printTally(title: string, tally: Tally): void {
  if (isLongRun) console.log(JSON.stringify({ title, seed: SEED, count: COUNT, ...tally }, undefined, 1))
}

const TIMEOUT = Math.max(30_000, COUNT * 20)

describe('a changed document', () => {
  it.skipIf(!haveGenuineDocuments)(
    `made from genuine ones is accepted only if what is signed is untouched${NEEDS_GENUINE_DOCUMENTS}`,
    { timeout: TIMEOUT },
    async () => {
      const documents = GENUINE_DOCUMENTS.map((document) => document.bytes)
      const options = {
        anchors: [AWS_NITRO_ROOT],
        clock: systemClock,
        [unsafeEvaluationTime]: 'document',
      } as const
      const tally = await fuzz(documents, options, COUNT)
      printTally('genuine', tally)
      expect(tally.forgeries).toEqual([])
      // Changes that are permitted have to be among them, and refusals in every phase.
      expect(tally.accepted).toBeGreaterThan(0)
      expect(Object.keys(tally.refused).length).toBeGreaterThan(15)
    },
  )

  it('made from documents of the tests is accepted only if what is signed is untouched', async () => {
    const chain = makeAttestation()
    const documents = [
      chain,
      makeAttestation({ chain: () => chain.chain, fields: withField('nonce', bytes(new Uint8Array(9))) }),
    ]
    const options = {
      anchors: [chain.anchor],
      clock: systemClock,
      [unsafeEvaluationTime]: 'document',
    } as const
    const tally = await fuzz(
      documents.map((document) => document.bytes),
      options,
      400,
    )
    expect(tally.forgeries).toEqual([])
    expect(tally.accepted).toBeGreaterThan(0)
    expect(Object.keys(tally.refused).length).toBeGreaterThan(15)
  })
})
