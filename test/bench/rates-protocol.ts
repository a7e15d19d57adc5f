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

/** How long the event loop was kept from anything else while a document was under way, in milliseconds. */
export interface LoopTurns {
  /** How many documents. */
  readonly pieces: number
  /** The longest turn of a document, as a median over several verifications of it; the longest of all documents. */
  readonly longestOfMedians: number
  /** The longest turn of all, with whatever the machine did meanwhile. */
  readonly longest: number
}

/** Its one message. */
export interface RatesReport {
  readonly cases: readonly CaseRates[]
  readonly turns: LoopTurns
}
