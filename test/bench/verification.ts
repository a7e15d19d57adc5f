import { parseTrustAnchor } from '../../src/attestation/trust-anchor.ts'
import type { VerificationCache } from '../../src/attestation/verification-cache.ts'
import { verifyAttestation } from '../../src/attestation/verify.ts'
import { systemClock } from '../../src/core/clock.ts'
import { makeBareSignatures } from './bare-signatures.ts'
import type { DocumentSource } from './documents.ts'
import type { Spread } from './statistics.ts'
import { spreadOf } from './statistics.ts'
import { makeVerificationCases } from './verification-cases.ts'

/** How much is verified. */
export interface VerificationBench {
  /** Slices of each case, in turn with slices of bare verifications. */
  readonly rounds: number
  /** Documents of a slice. */
  readonly documents: number
}

/** Microseconds a document, and the same divided by the cost of as many bare verifications as it needs. */
export interface VerificationReport {
  readonly signatures: number
  /** Wall time, one document after another. */
  readonly wall: Spread
  /** Wall time, eight documents under way. */
  readonly wallOfEight: Spread
  /** Processor time of all threads, one document after another. */
  readonly processor: Spread
  /** By the same of bare `crypto.verify`, slice by slice. */
  readonly ratio: {
    /** Synchronous form, one after another. */
    readonly wallToSync: Spread
    /** Callback form, those of a document side by side in the thread pool: the hardest to keep up with. */
    readonly wallToPool: Spread
    /** Callback form, eight such groups under way: all processors busy on either side. */
    readonly wallOfEightToPool: Spread
    readonly processorToPool: Spread
  }
}

interface Times {
  readonly wall: number
  readonly processor: number
}

/** One slice of each kind, made within a moment of one another. */
type Round = Readonly<Record<'own' | 'ownOfEight' | 'sync' | 'pool' | 'poolOfEight', Times>>

/** Verifies documents of the simulator beside bare P-384 verifications, in this process. */
export async function measureVerification(
  source: DocumentSource,
  { rounds, documents: count }: VerificationBench,
): Promise<Readonly<Record<string, VerificationReport>>> {
  const bare = makeBareSignatures()
  const label = { name: 'lab', partitions: ['aws'], source: 'the bench' } as const
  const options = { anchors: [parseTrustAnchor(source.rootCertificate, label)], clock: systemClock }
  const verify = async (document: Uint8Array, cache: VerificationCache): Promise<void> => {
    await verifyAttestation(document, { ...options, cache })
  }
  const reports: Record<string, VerificationReport> = {}
  for (const { name, signatures, documents, caches } of makeVerificationCases(source, count)) {
    const own = async (lanes: number): Promise<Times> => {
      const fresh = await caches(verify)
      return timed(count, lanes, async (index) => {
        const [document, cache] = [documents[index], fresh[index]]
        if (document && cache) await verify(document, cache)
      })
    }
    const measured: Round[] = []
    // The first round warms up the compiler and the imports, and does not count.
    for (let round = 0; round <= rounds; round++) {
      measured.push({
        sync: await timed(count, 1, async () => bare.verifyHere(signatures)),
        own: await own(1),
        pool: await timed(count, 1, () => bare.verifyInPool(signatures)),
        ownOfEight: await own(8),
        poolOfEight: await timed(count, 8, () => bare.verifyInPool(signatures)),
      })
    }
    reports[name] = toReport(signatures, measured.slice(1))
  }
  return reports
}

function toReport(signatures: number, measured: readonly Round[]): VerificationReport {
  const spread = (digits: number, read: (round: Round) => number): Spread =>
    spreadOf(measured.map(read), digits)
  return {
    signatures,
    wall: spread(0, ({ own }) => own.wall),
    wallOfEight: spread(0, ({ ownOfEight }) => ownOfEight.wall),
    processor: spread(0, ({ own }) => own.processor),
    ratio: {
      wallToSync: spread(2, ({ own, sync }) => own.wall / sync.wall),
      wallToPool: spread(2, ({ own, pool }) => own.wall / pool.wall),
      wallOfEightToPool: spread(2, ({ ownOfEight, poolOfEight }) => ownOfEight.wall / poolOfEight.wall),
      processorToPool: spread(2, ({ own, pool }) => own.processor / pool.processor),
    },
  }
}

/** Microseconds for each of `count` pieces of work, `lanes` of them under way at a time. */
async function timed(count: number, lanes: number, work: (index: number) => Promise<void>): Promise<Times> {
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++)
  }
  const processorBefore = process.cpuUsage()
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: lanes }, lane))
  const wall = ((performance.now() - startedAt) * 1000) / count
  const { user, system } = process.cpuUsage(processorBefore)
  return { wall, processor: (user + system) / count }
}
