import { createHistogram, PerformanceObserver } from 'node:perf_hooks'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { LoopTurns } from './rates-protocol.ts'

interface Turn {
  readonly start: number
  readonly end: number
  /** Microseconds of processor time of this thread. */
  readonly processor: number
}

/** Turns that are shorter are not kept one by one. Microseconds. */
const KEPT_FROM = 1_000
/** Observers learn of a garbage collection a little later. */
const OBSERVER_DELAY_MILLISECONDS = 100

/** Watches every turn of the event loop while work is done. */
export async function watchTurns(work: () => Promise<void>): Promise<LoopTurns> {
  const processor = createHistogram()
  const long: Turn[] = []
  const collections: { readonly start: number; readonly end: number }[] = []
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      collections.push({ start: startTime, end: startTime + duration })
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  const ended = new AbortController()
  const watch = async (): Promise<void> => {
    let usage = process.threadCpuUsage()
    let start = performance.now()
    while (!ended.signal.aborted) {
      await nextTurn()
      const [usageNow, end] = [process.threadCpuUsage(), performance.now()]
      const microseconds = usageNow.user + usageNow.system - usage.user - usage.system
      processor.record(Math.max(1, Math.round(microseconds)))
      if (microseconds >= KEPT_FROM) long.push({ start, end, processor: microseconds })
      usage = usageNow
      start = end
    }
  }
  const watching = watch()
  await work()
  ended.abort()
  await watching
  await sleep(OBSERVER_DELAY_MILLISECONDS)
  observer.disconnect()

  const undisturbed = long.filter(
    (turn) => !collections.some(({ start, end }) => start < turn.end && end > turn.start),
  )
  return {
    turns: processor.count,
    longest: Math.max(KEPT_FROM, ...undisturbed.map((turn) => turn.processor)) / 1000,
    p999: processor.percentile(99.9) / 1000,
    longestWithCollection: processor.max / 1000,
  }
}
