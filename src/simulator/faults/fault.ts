import type { Alterations } from '../alterations.ts'

/**
 * How a verifier is to be set where the verdict depends on it. What is left out is as usual: the present time a
 * second after the issue, the lab's root, no maximum age, no recipient key demanded.
 */
export interface VerifyWith {
  /** Evaluation time: seconds after the time the document was asked for, or the document's own timestamp. */
  readonly clock?: { readonly secondsAfterIssue: number } | 'document'
  /**
   * The roots trusted: none at all, AWS's commercial root alone, or the one that the document carries, where that one
   * is faulty itself.
   */
  readonly roots?: 'none' | 'aws' | 'as-issued'
  /** The greatest age of a document that is accepted, in seconds. */
  readonly maxAgeSeconds?: number
  /** Demands an RSA public key that an answer can be encrypted to. */
  readonly recipientKey?: true
}

/** A way in which a document differs from a good one, and what a verifier must say to it. */
export interface Fault {
  /** Stable name, for `IssueOptions.fault`. */
  readonly id: string
  /** What is wrong, or odd. */
  readonly what: string
  /** The code a verifier must refuse with; null for what is odd but must be accepted. */
  readonly code: string | null
  readonly verifyWith?: VerifyWith
  /** The difference, for the issuer. */
  readonly alter: Alterations
}

/** A row of the catalogue: id, what is wrong, the difference, and how to verify where that matters. */
export type FaultRow = readonly [id: string, what: string, alter: Alterations, verifyWith?: VerifyWith]

/** Faults that a verifier must refuse with one code. */
export function refusedWith(code: string, rows: readonly FaultRow[]): readonly Fault[] {
  return rows.map((row) => toFault(code, row))
}

/** Oddities that a verifier must accept. */
export function accepted(rows: readonly FaultRow[]): readonly Fault[] {
  return rows.map((row) => toFault(null, row))
}

function toFault(code: string | null, [id, what, alter, verifyWith]: FaultRow): Fault {
  return { id, what, code, alter, ...(verifyWith && { verifyWith }) }
}
