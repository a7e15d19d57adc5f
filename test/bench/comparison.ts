import type { Figures, MeasuredSlice } from './figures.ts'
import { measureSlice, toFigures } from './figures.ts'
import type { Slice } from './load-protocol.ts'
import type { LoadGenerator } from './load.ts'
import type { BenchOperation, Subject } from './operations.ts'
import { signRequest } from './signed-request.ts'
import { round } from './statistics.ts'
import type { Target } from './target.ts'
import { call, CallRefused, hostOf } from './target.ts'

/** How long is measured. */
export interface Pace {
  /** Slices of each target, in turn. */
  readonly rounds: number
  readonly sliceMilliseconds: number
  /** Before anything counts, for each operation and number of connections: so many calls, or so long. */
  readonly warmUp: Slice['until']
}

/** A target, and what its requests are about. */
export interface Contender {
  readonly target: Target
  readonly subject: Subject
}

/** Numbers of keep-alive connections that are measured, one after another. */
export const CONNECTIONS = [1, 16] as const
/** How many different requests are signed in advance for each operation. */
const REQUESTS = 64

/** One operation with one number of connections: every target that has it, and how ours stands to the others. */
interface Comparison {
  readonly targets: Readonly<Record<string, Figures>>
  /** Ours by theirs: more than 1 is more calls a second, less than 1 is less time. */
  readonly ratios: Readonly<Record<string, Ratios>>
}

interface Ratios {
  readonly callsPerSecond: number
  readonly p50: number
  readonly processorMicroseconds: number | null
}

/** An operation with every number of connections. `unsupported` names the targets that refuse it, with their words. */
export interface OperationReport {
  readonly unsupported?: Readonly<Record<string, string>>
  readonly connections: Readonly<Record<string, Comparison>>
}

/**
 * Measures one operation on all contenders, slices in turn. The first contender is ours and must have the operation:
 * else rejects with `CallRefused`.
 */
export async function compareOperation(
  operation: BenchOperation,
  contenders: readonly Contender[],
  { generator, pace }: { readonly generator: LoadGenerator; readonly pace: Pace },
): Promise<OperationReport> {
  const { able, unsupported } = await findAble(operation, contenders)
  const slices = able.map(({ target, subject }) => {
    const requests = Array.from({ length: REQUESTS }, (_, number) =>
      signRequest({
        host: hostOf(target),
        operation: operation.operation,
        body: operation.body(subject, number),
      }),
    )
    const measure = (connections: number, until: Slice['until']): Promise<MeasuredSlice> =>
      measureSlice(generator, target, {
        requests,
        connections,
        until,
        member: operation.member,
      })
    return { name: target.name, measure }
  })
  const connections: Record<string, Comparison> = {}
  for (const count of CONNECTIONS) {
    for (const { measure } of slices) await measure(count, pace.warmUp)
    const measured = new Map<string, MeasuredSlice[]>(slices.map(({ name }) => [name, []]))
    for (let turn = 0; turn < pace.rounds; turn++) {
      for (const { name, measure } of slices) {
        measured.get(name)?.push(await measure(count, { milliseconds: pace.sliceMilliseconds }))
      }
    }
    connections[count] = toComparison(measured)
  }
  return { ...(Object.keys(unsupported).length > 0 && { unsupported }), connections }
}

async function findAble(
  { operation, body }: BenchOperation,
  contenders: readonly Contender[],
): Promise<{ readonly able: readonly Contender[]; readonly unsupported: Record<string, string> }> {
  const able: Contender[] = []
  const unsupported: Record<string, string> = {}
  for (const [index, contender] of contenders.entries()) {
    try {
      await call(contender.target, operation, body(contender.subject, 0))
      able.push(contender)
    } catch (error) {
      if (index === 0 || !(error instanceof CallRefused)) throw error
      unsupported[contender.target.name] = error.message
    }
  }
  return { able, unsupported }
}

/** Puts the slices of each target together. The first of the map is ours. */
function toComparison(measured: ReadonlyMap<string, readonly MeasuredSlice[]>): Comparison {
  const figures = [...measured].map(([name, slices]) => [name, toFigures(slices)] as const)
  const [[, ours] = [], ...others] = figures
  if (!ours) throw new Error('nothing was measured')
  return {
    targets: Object.fromEntries(figures),
    ratios: Object.fromEntries(others.map(([name, theirs]) => [name, toRatios(ours, theirs)])),
  }
}

function toRatios(ours: Figures, theirs: Figures): Ratios {
  const processor =
    ours.processorMicroseconds === null || theirs.processorMicroseconds === null
      ? null
      : round(ours.processorMicroseconds / theirs.processorMicroseconds, 3)
  return {
    callsPerSecond: round(ours.callsPerSecond / theirs.callsPerSecond, 2),
    p50: round(ours.p50 / theirs.p50, 3),
    processorMicroseconds: processor,
  }
}
