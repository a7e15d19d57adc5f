/** What the process that measures rates is asked. */
export interface RatesRequest {
  /** How often the slices of each case are measured. */
  readonly rounds: number
  /** Documents of a slice. */
  readonly documents: number
}

/** Microseconds a document: by the clock, and processor time of all threads. */
export interface DocumentCost {
  readonly wall: number
  readonly processor: number
}

/** Slices that followed one another. */
export interface Slices {
  readonly own: DocumentCost
  /** Bare verifications, one after another: what one core can do. */
  readonly bare: DocumentCost
  /** Bare verifications in the thread pool: what all cores can do that the process has. */
  readonly pool: DocumentCost
}

/** One case. */
export interface CaseRates {
  readonly name: string
  /** P-384 signatures that are verified for each document. */
  readonly signatures: number
  readonly slices: readonly Slices[]
}

/**
 * How long the event loop was kept from anything else while documents were under way: processor time of the thread
 * within one turn, milliseconds, so that neighbours on the core do not count.
 */
export interface LoopTurns {
  readonly turns: number
  /** The longest turn without a garbage collection; 1 stands for 1 and less. */
  readonly longest: number
  /** What all but one in a thousand turns stay below. */
  readonly p999: number
  /** The longest turn of all. */
  readonly longestWithCollection: number
}

/** Its one message. */
export interface RatesReport {
  readonly cases: readonly CaseRates[]
  readonly turns: LoopTurns
}
