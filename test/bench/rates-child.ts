import { once } from 'node:events'
import { parseTrustAnchor } from '../../src/attestation/trust-anchor.ts'
import type { VerificationCache } from '../../src/attestation/verification-cache.ts'
import { verifyAttestation } from '../../src/attestation/verify.ts'
import { systemClock } from '../../src/core/clock.ts'
import { makeBareSignatures } from './bare-signatures.ts'
import { openDocumentSource } from './documents.ts'
import { watchTurns } from './loop-turns.ts'
import type { CaseRates, DocumentCost, RatesReport, RatesRequest, Slices } from './rates-protocol.ts'
import type { VerificationCase } from './verification-cases.ts'
import { makeVerificationCases } from './verification-cases.ts'

// Runs in a process that is bound to one core or to two. Each slice of our verifications, eight documents under way,
// is followed by slices of as many bare ones: synchronous calls in a loop, the most that one core can do, and eight in
// the thread pool, the most that all its cores can do.

const LANES = 8

const source = await openDocumentSource()
const bare = makeBareSignatures()
const label = { name: 'lab', partitions: ['aws'], source: 'the bench' } as const
const options = { anchors: [parseTrustAnchor(source.rootCertificate, label)], clock: systemClock }

const verify = async (document: Uint8Array, cache?: VerificationCache): Promise<void> => {
  await verifyAttestation(document, { ...options, ...(cache && { cache }) })
}

/** Verifies all documents of a case. */
async function verifyAll({ documents, caches }: VerificationCase): Promise<DocumentCost> {
  const fresh = await caches(verify)
  return inLanes(documents.length, async (index) => {
    const [document, cache] = [documents[index], fresh[index]]
    if (document && cache) await verify(document, cache)
  })
}

/** Verifies the same number of bare signatures in the thread pool, those of a document one after another. */
function verifyBareInPool({ documents, signatures }: VerificationCase): Promise<DocumentCost> {
  return inLanes(documents.length, async () => {
    for (let signature = 0; signature < signatures; signature++) await bare.verifyInPool(1)
  })
}

/** Does `count` pieces of work, eight under way. */
async function inLanes(count: number, work: (index: number) => Promise<void>): Promise<DocumentCost> {
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++)
  }
  const cost = startMeter(count)
  await Promise.all(Array.from({ length: LANES }, lane))
  return cost()
}

function verifyBare({ documents, signatures }: VerificationCase): DocumentCost {
  const cost = startMeter(documents.length)
  for (let index = 0; index < documents.length; index++) bare.verifyHere(signatures)
  return cost()
}

/** What is called at the end tells the cost of each of `count` documents. */
function startMeter(count: number): () => DocumentCost {
  const usage = process.cpuUsage()
  const startedAt = performance.now()
  return () => {
    const wall = ((performance.now() - startedAt) * 1000) / count
    const { user, system } = process.cpuUsage(usage)
    return { wall, processor: (user + system) / count }
  }
}

async function measureCase(measured: VerificationCase, rounds: number): Promise<CaseRates> {
  const { name, signatures } = measured
  const slices: Slices[] = []
  // The first two rounds warm up the compiler and do not count.
  for (let round = -2; round < rounds; round++) {
    const own = await verifyAll(measured)
    const slice = { own, bare: verifyBare(measured), pool: await verifyBareInPool(measured) }
    if (round >= 0) slices.push(slice)
  }
  return { name, signatures, slices }
}

async function measure({ rounds, documents }: RatesRequest): Promise<RatesReport> {
  const cases = makeVerificationCases(source, documents)
  const reports: CaseRates[] = []
  for (const measured of cases) reports.push(await measureCase(measured, rounds))
  const pieces = cases.flatMap((measured) => measured.documents.map((document) => () => verify(document)))
  return { cases: reports, turns: await watchTurns(pieces, rounds) }
}

const [request] = await once(process, 'message')
process.send?.(await measure(request))
process.disconnect?.()
