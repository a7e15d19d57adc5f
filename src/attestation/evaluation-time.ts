import type { AttestationDocument } from './document.ts'
import type { TakenOptions } from './verify-options.ts'
import { unsafeEvaluationTime } from './verify-options.ts'

/** Which clock a document is judged by. */
export type EvaluationClock = 'present' | 'fixed' | 'document'

/** The time at which a document is judged. */
export interface EvaluationTime {
  readonly clock: EvaluationClock
  readonly milliseconds: number
  /** The same, rounded down to the second, which is what certificates count in. */
  readonly seconds: number
}

/**
 * The present time of the clock, unless `unsafeEvaluationTime` replaces it. Throws `TypeError` for a clock or a fixed
 * time without a valid date, since comparisons with it would let everything pass.
 */
export function readEvaluationTime(document: AttestationDocument, options: TakenOptions): EvaluationTime {
  const unsafe = options[unsafeEvaluationTime]
  if (unsafe === 'document') return toEvaluationTime('document', document.timestampMilliseconds)
  if (unsafe !== undefined) return toEvaluationTime('fixed', unsafe.getTime())
  return toEvaluationTime('present', options.clock.now().getTime())
}

function toEvaluationTime(clock: EvaluationClock, milliseconds: number): EvaluationTime {
  if (!Number.isFinite(milliseconds)) throw new TypeError('the evaluation time is no valid date')
  return { clock, milliseconds, seconds: Math.floor(milliseconds / 1000) }
}
