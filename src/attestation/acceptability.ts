import { DEFAULT_FUTURE_SKEW_SECONDS } from './constants.ts'
import type { InspectedCertificate } from './inspected-certificate.ts'

/**
 * When a verifier would take a document, as far as time goes: from and until both belong to the window. `unknown` where
 * a window or the timestamp cannot be read, `never` where no moment suits all of them.
 */
export type Acceptability =
  | { readonly state: 'unknown' }
  | { readonly state: 'never' }
  | { readonly state: 'not-yet' | 'now' | 'over'; readonly from: Date; readonly until: Date }

/** What of a document and of the verifier's settings it follows from. */
export interface AcceptabilityParts {
  /** `null` where the document has no readable one. */
  readonly timestamp: Date | null
  /** Root first, leaf last. */
  readonly chain: readonly Pick<InspectedCertificate, 'summary'>[]
  readonly futureSkewSeconds?: number | undefined
  readonly maxAgeSeconds?: number | undefined
}

/**
 * Tells when a document is acceptable, seen at a time: every certificate is valid (RFC 5280 §6.1.3 (a)(2)), and the
 * timestamp neither in the future nor outside the leaf's window, with the verifier's tolerance; a maximum age may end it
 * earlier. Looks at times only: what else is wrong does not count here.
 */
export function acceptabilityAt(time: Date, parts: AcceptabilityParts): Acceptability {
  const { timestamp, chain, futureSkewSeconds = DEFAULT_FUTURE_SKEW_SECONDS, maxAgeSeconds } = parts
  const skew = futureSkewSeconds * 1000
  const windows = chain.flatMap(({ summary }) =>
    summary?.notBefore && summary.notAfter
      ? [{ start: summary.notBefore.getTime(), end: summary.notAfter.getTime() }]
      : [],
  )
  const leaf = windows.at(-1)
  if (timestamp === null || !leaf || windows.length < chain.length) return { state: 'unknown' }
  const made = timestamp.getTime()
  const age = maxAgeSeconds === undefined ? Infinity : maxAgeSeconds * 1000
  const from = Math.max(made, ...windows.map(({ start }) => start)) - skew
  const until = Math.min(made + age, ...windows.map(({ end }) => end))
  if (from > until || toSecond(made) < leaf.start - skew || toSecond(made) > leaf.end + skew) {
    return { state: 'never' }
  }
  return { state: stateAt(time.getTime(), { from, until }), from: new Date(from), until: new Date(until) }
}

function stateAt(
  time: number,
  { from, until }: { readonly from: number; readonly until: number },
): 'not-yet' | 'now' | 'over' {
  // Certificates count in seconds, and the last one belongs to them.
  if (toSecond(time) > until) return 'over'
  return time < from ? 'not-yet' : 'now'
}

function toSecond(milliseconds: number): number {
  return Math.floor(milliseconds / 1000) * 1000
}
