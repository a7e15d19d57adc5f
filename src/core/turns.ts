/** Pieces of work of one thread that let everything else which waits for the event loop come in between. */
export interface Turns {
  /** Resolves when it is the caller's turn, in the order of the calls: at once, or after those before it. */
  take(): Promise<void>
}

/** Makes an order of turns, of which one is taken in each round of the event loop. */
export function createTurns(): Turns {
  let last = Promise.resolve()
  return {
    take() {
      const mine = last
      last = mine.then(nextRound)
      return mine
    },
  }
}

async function nextRound(): Promise<void> {
  return new Promise((resolve) => {
    schedule(resolve)
  })
}

// The function as it is now: tests that replace the global timers must not stop whoever waits for a turn.
const schedule = setImmediate
