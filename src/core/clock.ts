/** Where the present time comes from. Always an argument, so that tests and captured documents can have their own. */
export interface Clock {
  now(): Date
}

/** The clock of the machine. */
export const systemClock: Clock = { now: () => new Date() }

/** A clock that can be set apart from another one, such as `systemClock`, and goes on from there at its pace. */
export class MovableClock implements Clock {
  readonly #base: Clock
  #offsetMilliseconds = 0

  constructor(base: Clock) {
    this.#base = base
  }

  now(): Date {
    return new Date(this.#base.now().getTime() + this.#offsetMilliseconds)
  }

  /** Makes `time` the present time, from which the clock goes on. */
  moveTo(time: Date): void {
    this.#offsetMilliseconds = time.getTime() - this.#base.now().getTime()
  }

  /** Goes back to the time of the clock beneath. */
  reset(): void {
    this.#offsetMilliseconds = 0
  }
}
