import { spawn } from 'node:child_process'
import { pinnedTo } from './pinned.ts'
import type {
  CaseRates,
  DocumentCost,
  LoopTurns,
  RatesReport,
  RatesRequest,
  Slices,
} from './rates-protocol.ts'
import type { Spread } from './statistics.ts'
import { round, spreadOf } from './statistics.ts'

/** One case on one or two cores. */
interface CaseReport {
  readonly signatures: number
  /** Documents a second. */
  readonly own: Spread
  /** Rate of bare verifications on one core, as many a document, one after another. */
  readonly bare: Spread
  /** The first by the second, slice by slice. With neighbours on the cores, a process of several threads gets more. */
  readonly fraction: Spread
  /** Ours by bare ones in the thread pool, slice by slice: of what all cores of the process can do. */
  readonly fractionOfAllCores: Spread
  /** Bare ones in the thread pool by those on one core: what the further cores are worth on this machine. */
  readonly gainOfAllCores: Spread
  /** Processor time of a document's bare verifications on one core by ours: what neighbours cannot change. */
  readonly processorFraction: Spread
}

/** Verification in a process that is bound to a number of cores. */
interface CoresReport {
  readonly cases: Readonly<Record<string, CaseReport>>
  readonly eventLoop: LoopTurns
}

/** By the number of cores; `skipped` says why a number was not measured. */
export interface RatesSection {
  readonly cores: Readonly<Record<number, CoresReport>>
  readonly skipped: Readonly<Record<number, string>>
}

/** Measures the rate of verification on one core and on two, beside that of bare P-384 verifications on one. */
export async function measureRates(request: RatesRequest): Promise<RatesSection> {
  const cores: Record<number, CoresReport> = {}
  const skipped: Record<number, string> = {}
  for (const count of [1, 2]) {
    const pin = pinnedTo(count)
    if ('missing' in pin) skipped[count] = pin.missing
    else cores[count] = toReport(await runChild(pin, request))
  }
  return { cores, skipped }
}

/** The case of documents that need so many signatures, on so many cores; undefined where it was not measured. */
export function ratesOf(
  section: RatesSection | null,
  { cores, signatures }: { readonly cores: number; readonly signatures: number },
): CaseReport | undefined {
  const cases = Object.values(section?.cores[cores]?.cases ?? {})
  return cases.find((report) => report.signatures === signatures)
}

function runChild(
  { program, args }: { readonly program: string; readonly args: readonly string[] },
  request: RatesRequest,
): Promise<RatesReport> {
  const script = new URL('./rates-child.ts', import.meta.url).pathname
  const child = spawn(program, [...args, process.execPath, script], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const { promise, resolve, reject } = Promise.withResolvers<RatesReport>()
  child.once('message', (report: RatesReport) => resolve(report))
  child.once('error', reject)
  child.once('exit', () => reject(new Error('the process that measures rates ended early')))
  child.send(request)
  return promise
}

function toReport({ cases, turns }: RatesReport): CoresReport {
  return {
    cases: Object.fromEntries(cases.map((measured) => [measured.name, toCaseReport(measured)])),
    eventLoop: {
      pieces: turns.pieces,
      longestOfMedians: round(turns.longestOfMedians, 2),
      longest: round(turns.longest, 2),
    },
  }
}

function toCaseReport({ signatures, slices }: CaseRates): CaseReport {
  const rate = ({ wall }: DocumentCost): number => 1_000_000 / wall
  const ratio = (read: (slice: Slices) => number): Spread => spreadOf(slices.map(read), 2)
  return {
    signatures,
    own: spreadOf(slices.map(({ own }) => rate(own))),
    bare: spreadOf(slices.map(({ bare }) => rate(bare))),
    fraction: ratio(({ own, bare }) => bare.wall / own.wall),
    fractionOfAllCores: ratio(({ own, pool }) => pool.wall / own.wall),
    gainOfAllCores: ratio(({ bare, pool }) => bare.wall / pool.wall),
    processorFraction: ratio(({ own, bare }) => bare.processor / own.processor),
  }
}
