import type { Slice, SliceResult } from './load-protocol.ts'
import type { LoadGenerator } from './load.ts'
import { processorMilliseconds } from './process-facts.ts'
import { percentile, round } from './statistics.ts'
import type { Target } from './target.ts'

/** How a target answered over all slices of one measurement. */
export interface Figures {
  readonly calls: number
  readonly callsPerSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Processor time of the service for each call, all threads, microseconds; `null` where the system does not tell. */
  readonly processorMicroseconds: number | null
  /** The same of the load generator, which shares the processors. */
  readonly generatorMicroseconds: number
  /** New connections that were needed since the other side had closed the old one. */
  readonly reconnects: number
}

/** A slice with the processor time that the target used in it. */
export interface MeasuredSlice {
  readonly result: SliceResult
  readonly processorMilliseconds: number | null
}

/** Has a target answer a slice of load. */
export async function measureSlice(
  generator: LoadGenerator,
  target: Target,
  slice: Omit<Slice, 'host' | 'port'>,
): Promise<MeasuredSlice> {
  const { host, port, pid } = target
  const before = processorMilliseconds(pid)
  const result = await generator.run({ host, port, ...slice })
  const after = processorMilliseconds(pid)
  return { result, processorMilliseconds: before === null || after === null ? null : after - before }
}

/** Puts slices of one target together. */
export function toFigures(slices: readonly MeasuredSlice[]): Figures {
  const results = slices.map(({ result }) => result)
  const sum = (read: (result: SliceResult) => number): number =>
    results.reduce((total, result) => total + read(result), 0)
  const calls = sum(({ latencies }) => latencies.length)
  const latencies = new Float64Array(calls)
  let offset = 0
  for (const result of results) {
    latencies.set(result.latencies, offset)
    offset += result.latencies.length
  }
  latencies.sort()
  const processor = slices.map((slice) => slice.processorMilliseconds)
  const used = processor.includes(null) ? null : processor.reduce<number>((a, b) => a + (b ?? 0), 0)
  return {
    calls,
    callsPerSecond: round(calls / (sum(({ milliseconds }) => milliseconds) / 1000)),
    p50: round(percentile(latencies, 0.5), 3),
    p99: round(percentile(latencies, 0.99), 3),
    processorMicroseconds: used === null ? null : round((used / calls) * 1000),
    generatorMicroseconds: round((sum((result) => result.generatorMilliseconds) / calls) * 1000),
    reconnects: sum(({ reconnects }) => reconnects),
  }
}
