import { AttestationError } from './errors.ts'
import type { EvaluationTime } from './evaluation-time.ts'
import type { Validity } from './validity.ts'

/** When a document says it was made, and what that is measured against. */
export interface DocumentTime {
  readonly timestampMilliseconds: number
  readonly leafValidity: Validity
  readonly time: EvaluationTime
  readonly futureSkewSeconds: number
  readonly maxAgeSeconds: number | undefined
}

/**
 * Judges the timestamp of a document whose signature holds. AWS KMS documents no limit of age; the chain alone bounds a
 * document's life to the three hours of its leaf. Throws `AttestationError` with `DOCUMENT_FROM_FUTURE`,
 * `DOCUMENT_OUTSIDE_LEAF_VALIDITY` or `DOCUMENT_TOO_OLD`.
 */
export function checkDocumentTime(document: DocumentTime): void {
  const { timestampMilliseconds, leafValidity, time, futureSkewSeconds, maxAgeSeconds } = document
  const skew = futureSkewSeconds * 1000
  if (timestampMilliseconds > time.milliseconds + skew) {
    throw new AttestationError('DOCUMENT_FROM_FUTURE', 'the timestamp lies ahead of the clock')
  }
  // To the second, as certificates count: the last second of the leaf belongs to it.
  const timestamp = Math.floor(timestampMilliseconds / 1000) * 1000
  const first = leafValidity.notBefore.getTime() - skew
  const last = leafValidity.notAfter.getTime() + skew
  if (timestamp < first || timestamp > last) {
    throw new AttestationError(
      'DOCUMENT_OUTSIDE_LEAF_VALIDITY',
      'the timestamp lies outside the window of the leaf certificate',
    )
  }
  const age = time.milliseconds - timestampMilliseconds
  if (maxAgeSeconds !== undefined && age > maxAgeSeconds * 1000) {
    throw new AttestationError('DOCUMENT_TOO_OLD', `the document is over ${maxAgeSeconds} seconds old`)
  }
}
