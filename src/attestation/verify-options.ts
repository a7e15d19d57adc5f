import type { Clock } from '../core/clock.ts'
import type { TrustAnchor } from './trust-anchor.ts'
import type { VerificationCache } from './verification-cache.ts'

/**
 * Key of the option that replaces the present time. A symbol, so that nothing read from a file or a request can set it:
 * whoever has an old document and its recipient key is served for ever under such a clock.
 */
export const unsafeEvaluationTime: unique symbol = Symbol('unsafeEvaluationTime')

/** What a document is verified against. */
export interface VerifyOptions {
  /** The roots that chains may end in; with none, every document is refused. */
  readonly anchors: readonly TrustAnchor[]
  readonly clock: Clock
  /** How far ahead of the clock certificates and documents may begin; 300 where it is not given. */
  readonly futureSkewSeconds?: number
  /** How old a document may be; without it only its certificates bound its age. */
  readonly maxAgeSeconds?: number
  /** Also demands an RSA public key that an answer can be encrypted to. */
  readonly demandRecipientKey?: boolean
  /** Facts about bytes that passed before; shared by as many calls as one likes. */
  readonly cache?: VerificationCache
  /** Judges documents at their own time, or at a fixed one. Replaces the time and nothing else. */
  readonly [unsafeEvaluationTime]?: 'document' | Date
}

/** Refuses numbers that comparisons would let pass. Throws `TypeError`. */
export function checkOptions({ futureSkewSeconds, maxAgeSeconds }: VerifyOptions): void {
  for (const seconds of [futureSkewSeconds, maxAgeSeconds]) {
    if (seconds !== undefined && !(Number.isFinite(seconds) && seconds >= 0)) {
      throw new TypeError('futureSkewSeconds and maxAgeSeconds are finite numbers from 0 on')
    }
  }
}
