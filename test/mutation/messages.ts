import type { VerdictCase } from './cases.ts'

/** What a worker is started with. */
export interface WorkerData {
  /** Address of the top of the project. */
  readonly project: string
  readonly cases: readonly VerdictCase[]
  /** The verifier as it was read at first, by path; the disk may change meanwhile. */
  readonly sources: ReadonlyMap<string, string>
  /** The case that the worker is at, and how many it has begun. Shared, so that a worker that hangs can be seen. */
  readonly counter: Int32Array
}

/** A mutation to try. */
export interface WorkerOrder {
  readonly number: number
  /** Changed texts by path. */
  readonly sources: ReadonlyMap<string, string>
  readonly dependents: readonly string[]
  /** Positions of the cases, in the order in which to try them. It ends with the first change, */
  readonly order: readonly number[]
  /** but of these, which come first, all are tried, to count how many change. */
  readonly counted: readonly number[]
}

/** What came of a mutation. */
export interface WorkerReport {
  readonly number: number
  readonly changes: readonly Change[]
  /** Why the changed verifier could not be loaded; null where it could. */
  readonly error: string | null
}

/** A document to which the changed verifier says something else. */
export interface Change {
  readonly caseIndex: number
  /** A code, `null` for accepted, or what else came of it. */
  readonly verdict: string | null
}
