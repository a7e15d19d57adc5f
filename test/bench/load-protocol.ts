/** A stretch of load, as the bench asks it of the load generator. */
export interface Slice {
  readonly host: string
  readonly port: number
  /** Whole HTTP requests; sent in turn, from the first again after the last. */
  readonly requests: readonly Uint8Array[]
  /** Each has one request under way at a time. */
  readonly connections: number
  /** When to stop sending, whichever comes first. */
  readonly until: { readonly milliseconds: number; readonly calls?: number }
  /** The wait between an answer and the next request of the connection. */
  readonly pauseMilliseconds?: number
  /** A member that every answer has. */
  readonly member: string
}

/** What came of a slice. Every answer had status 200. */
export interface SliceResult {
  /** Milliseconds from the sending of each request to the end of its answer, connecting included where it was needed. */
  readonly latencies: Float64Array
  readonly milliseconds: number
  /** How often the other side had closed a connection, so that a new one was opened. */
  readonly reconnects: number
  /** Processor time of the generator itself. */
  readonly generatorMilliseconds: number
}

/** What the generator sends back. */
export type SliceReport = { readonly result: SliceResult } | { readonly fault: string }
