import { describe, expect, it } from 'vitest'
import { createTurns } from '../../src/core/turns.ts'

/** Counts the rounds of the event loop until `stop` is called. */
function countRounds(): { readonly stop: () => void; readonly count: () => number } {
  let [rounds, running] = [0, true]
  const count = (): void => {
    rounds++
    if (running) setImmediate(count)
  }
  setImmediate(count)
  return { count: () => rounds, stop: () => void (running = false) }
}

describe('createTurns', () => {
  it('gives the first turn without waiting for the event loop', async () => {
    const rounds = countRounds()
    await createTurns().take()
    expect(rounds.count()).toBe(0)
    rounds.stop()
  })

  it('gives the turns in the order of the calls, each in a round of its own', async () => {
    const turns = createTurns()
    const rounds = countRounds()
    const taken = await Promise.all(
      Array.from({ length: 5 }, async (_, index) => {
        await turns.take()
        return { index, round: rounds.count() }
      }),
    )
    rounds.stop()
    expect(taken.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4])
    expect(new Set(taken.map(({ round }) => round)).size).toBe(5)
  })

  it('gives a turn at once again when the others are over', async () => {
    const turns = createTurns()
    await Promise.all([turns.take(), turns.take()])
    await new Promise((resolve) => void setImmediate(resolve))
    await new Promise((resolve) => void setImmediate(resolve))
    const rounds = countRounds()
    await turns.take()
    expect(rounds.count()).toBe(0)
    rounds.stop()
  })
})
