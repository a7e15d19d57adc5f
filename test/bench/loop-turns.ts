import { setImmediate as nextTurn } from 'node:timers/promises'
import type { LoopTurns } from './rates-protocol.ts'
import { spreadOf } from './statistics.ts'

/**
 * How long the event loop is kept from anything else by pieces of work, each of which is done `rounds` times. Processor
 * time of a thread is told in steps of milliseconds, so it is the clock that is read; what neighbours and collections
 * of garbage add comes and goes, so that the median of a piece's longest turns is what the piece itself does.
 */
export async function watchTurns(
  pieces: readonly (() => Promise<void>)[],
  rounds: number,
): Promise<LoopTurns> {
  const medians: number[] = []
  let longest = 0
  for (const piece of pieces) {
    const turns: number[] = []
    for (let round = 0; round < rounds; round++) turns.push(await longestTurn(piece))
    medians.push(spreadOf(turns, 3).median)
    longest = Math.max(longest, ...turns)
  }
  return { pieces: pieces.length, longestOfMedians: Math.max(...medians), longest }
}

/** Milliseconds of the longest turn while a piece of work is under way. */
async function longestTurn(work: () => Promise<void>): Promise<number> {
  const ended = new AbortController()
  let longest = 0
  const watch = async (): Promise<void> => {
    let start = performance.now()
    while (!ended.signal.aborted) {
      await nextTurn()
      const end = performance.now()
      longest = Math.max(longest, end - start)
      start = end
    }
  }
  const watching = watch()
  await work()
  ended.abort()
  await watching
  return longest
}
