import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AttestedBench } from './attested.ts'
import { measureAttested } from './attested.ts'
import type { Contender, OperationReport, Pace } from './comparison.ts'
import { measureBareHttp } from './bare-http.ts'
import { compareOperation } from './comparison.ts'
import { openDocumentSource } from './documents.ts'
import { startLoadGenerator } from './load.ts'
import { ATTESTED_OPERATIONS, PLAIN_OPERATIONS, prepareSubject, RSA_PAIR } from './operations.ts'
import { startPeers } from './peers.ts'
import { residentMegabytes, waitUntilIdle } from './process-facts.ts'
import { measureRsaPairs } from './rsa-pairs.ts'
import { startServiceProcess } from './service-process.ts'
import { round } from './statistics.ts'
import type { Target } from './target.ts'
import { call, CallRefused } from './target.ts'

/** What is measured, and for how long. */
export interface OperationsBench extends Pick<AttestedBench, 'freshCalls'> {
  readonly pace: Pace
  readonly sustainedMilliseconds: number
  /** Whether an operation of that name is asked for. */
  readonly isWanted: (name: string) => boolean
  readonly progress: (line: string) => void
}

/** Within this time the stock of RSA pairs is full on any machine. */
const STOCK_LIMIT_MILLISECONDS = 90_000

/** Memory of a service that nothing has been asked of. */
export async function measureIdleMemory(target: Pick<Target, 'pid'>) {
  const atReady = residentMegabytes(target.pid)
  await waitUntilIdle(target.pid, STOCK_LIMIT_MILLISECONDS)
  return { atReady: round(atReady), idle: round(residentMegabytes(target.pid)) }
}

/** Starts the built service for something to be done with it. */
export async function withService<Result>(
  nodeFlags: readonly string[],
  use: (target: Target) => Promise<Result>,
): Promise<Result> {
  const parent = mkdtempSync(join(tmpdir(), 'attested-kms-bench-'))
  await using cleanup = new AsyncDisposableStack()
  cleanup.defer(() => rmSync(parent, { recursive: true, force: true }))
  const service = await startServiceProcess('built', { data: join(parent, 'data'), nodeFlags })
  cleanup.defer(() => service.stop())
  const { hostname, port } = new URL(service.kmsUrl)
  return await use({ name: 'attested-kms', host: hostname, port: Number(port), pid: service.pid })
}

/** Load on the service, and on the emulators beside it where there is Python. */
export async function measureOperations(ours: Target, bench: OperationsBench) {
  const { pace, isWanted, progress, freshCalls, sustainedMilliseconds } = bench
  await using cleanup = new AsyncDisposableStack()
  progress('starting moto and MiniStack')
  const peers = await startPeers(cleanup)
  const generator = startLoadGenerator()
  cleanup.defer(() => generator.stop())
  const contenders: Contender[] = []
  for (const target of [ours, ...peers.running]) {
    contenders.push({ target, subject: await prepareSubject(target) })
  }
  const [own] = contenders
  if (!own) throw new Error('there is no service')
  // Pairs that are being made would take a processor away from whatever is measured.
  await waitUntilIdle(ours.pid, STOCK_LIMIT_MILLISECONDS)

  progress('bare node:http')
  const bareHttp = await measureBareHttp(generator, pace)
  const plain: Record<string, OperationReport> = {}
  for (const operation of PLAIN_OPERATIONS.filter(({ name }) => isWanted(name))) {
    progress(operation.name)
    plain[operation.name] = await compareOperation(operation, contenders, { generator, pace })
  }
  const attestedOperations = ATTESTED_OPERATIONS.filter(({ name }) => isWanted(name))
  if (attestedOperations.length > 0) progress('attested operations')
  const attested =
    attestedOperations.length > 0
      ? await measureAttested(ours, attestedOperations, {
          generator,
          documents: await openDocumentSource(),
          pace,
          freshCalls,
        })
      : {}
  const rsaWanted = isWanted(RSA_PAIR.name)
  if (rsaWanted) progress(RSA_PAIR.name)
  const rsa = rsaWanted ? await measureRsaPairs(own, { generator, sustainedMilliseconds }) : null
  const signatureChecked = await Promise.all(
    contenders.map(async ({ target }) => [target.name, await refusesForgery(target)] as const),
  )
  return {
    signatureChecked: Object.fromEntries(signatureChecked),
    skipped: peers.skipped,
    bareHttp,
    plain,
    attested,
    rsaPairs: rsa,
    residentMegabytesAfterLoad: round(residentMegabytes(ours.pid)),
  }
}

async function refusesForgery(target: Target): Promise<boolean> {
  try {
    await call(target, 'GenerateRandom', { NumberOfBytes: 32 }, { forged: true })
    return false
  } catch (error) {
    if (error instanceof CallRefused) return true
    throw error
  }
}
