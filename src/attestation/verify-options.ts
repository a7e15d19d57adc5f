import type { Clock } from '../core/clock.ts'
import { DEFAULT_FUTURE_SKEW_SECONDS } from './constants.ts'
import type { TrustAnchor } from './trust-anchor.ts'
import type { VerificationCache } from './verification-cache.ts'
import { isVerificationCache } from './verification-cache.ts'

/**
 * Key of the option that replaces the present time. A symbol, so that nothing read from a file or a request can set it:
 * whoever has an old document and its recipient key is served for ever under such a clock.
 */
export const unsafeEvaluationTime: unique symbol = Symbol('unsafeEvaluationTime')

/** What a document is verified against. */
export interface VerifyOptions {
  /** The roots that chains may end in; with none, every document is refused (`CHAIN_NO_ANCHORS`). */
  readonly anchors: readonly TrustAnchor[]
  /** The present time; a clock that answers no valid date makes verification reject with `TypeError`. */
  readonly clock: Clock
  /**
   * Seconds by which certificates may begin, and documents be dated, ahead of the clock; 300 where it is not given.
   * After the end of a certificate there is no tolerance (RFC 5280 §4.1.2.5).
   */
  readonly futureSkewSeconds?: number
  /** Seconds since its timestamp that a document may have; without it only its certificates bound its age. */
  readonly maxAgeSeconds?: number
  /**
   * Also demands an RSA public key that an answer can be encrypted to: SubjectPublicKeyInfo in DER, of 2048, 3072 or
   * 4096 bits (the `RECIPIENT_…` checks). `false` where it is not given.
   */
  readonly demandRecipientKey?: boolean
  /** Facts about bytes that passed before; shared by as many calls as one likes. */
  readonly cache?: VerificationCache
  /** Judges documents at their own timestamp, or at a fixed time. Replaces the present time and no check. */
  readonly [unsafeEvaluationTime]?: 'document' | Date
}

/** Options as they were when the call was made, with what was left out filled in. */
export interface TakenOptions {
  readonly anchors: readonly TrustAnchor[]
  readonly clock: Clock
  readonly futureSkewSeconds: number
  readonly maxAgeSeconds: number | undefined
  readonly demandRecipientKey: boolean
  readonly cache: VerificationCache | undefined
  readonly [unsafeEvaluationTime]: 'document' | Date | undefined
}

/**
 * Reads each option once, so that what is checked is what counts, whatever becomes of the object meanwhile. Throws
 * `TypeError` for what comparisons would let pass, and for a cache that `createVerificationCache` did not make: its word
 * is taken for signatures.
 */
export function takeOptions(options: VerifyOptions): TakenOptions {
  const { clock, cache, maxAgeSeconds } = options
  const { futureSkewSeconds = DEFAULT_FUTURE_SKEW_SECONDS, demandRecipientKey = false } = options
  const unsafeTime = options[unsafeEvaluationTime]
  for (const seconds of [futureSkewSeconds, maxAgeSeconds]) {
    if (seconds !== undefined && !(Number.isFinite(seconds) && seconds >= 0)) {
      throw new TypeError('futureSkewSeconds and maxAgeSeconds are finite numbers from 0 on')
    }
  }
  if (typeof demandRecipientKey !== 'boolean') throw new TypeError('demandRecipientKey is true or false')
  if (cache !== undefined && !isVerificationCache(cache)) {
    throw new TypeError('the cache is one that createVerificationCache made')
  }
  return {
    anchors: [...options.anchors],
    clock,
    futureSkewSeconds,
    maxAgeSeconds,
    demandRecipientKey,
    cache,
    [unsafeEvaluationTime]: unsafeTime instanceof Date ? new Date(unsafeTime) : unsafeTime,
  }
}
