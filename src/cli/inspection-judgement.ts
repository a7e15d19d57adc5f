import type { Acceptability } from '../attestation/acceptability.ts'
import { acceptabilityAt } from '../attestation/acceptability.ts'
import type { EvaluationClock } from '../attestation/evaluation-time.ts'
import type { AttestationInspection } from '../attestation/inspect.ts'
import type { TrustAnchor } from '../attestation/trust-anchor.ts'
import type { VerifyOptions } from '../attestation/verify-options.ts'
import { unsafeEvaluationTime } from '../attestation/verify-options.ts'
import type { Findings } from '../attestation/what-is-wrong.ts'
import { findWhatIsWrong } from '../attestation/what-is-wrong.ts'

/** What an inspection says about a document beside what stands in it. It is no verdict. */
export interface InspectionJudgement extends Findings {
  readonly clock: EvaluationClock
  /** The time at which the document is looked at; of a document without a time of its own, the present. */
  readonly at: Date
  readonly acceptability: Acceptability
  readonly anchors: readonly TrustAnchor[]
}

/** Holds a document against what a verifier would hold it against. */
export async function judgeInspection(
  bytes: Uint8Array,
  inspection: AttestationInspection,
  options: VerifyOptions,
): Promise<InspectionJudgement> {
  const { timestamp, chain } = inspection
  const unsafe = options[unsafeEvaluationTime]
  const now = options.clock.now()
  const at = unsafe === 'document' ? (timestamp ?? now) : (unsafe ?? now)
  const { maxAgeSeconds, futureSkewSeconds, anchors } = options
  return {
    ...(await findWhatIsWrong(bytes, options, chain[0]?.sha256 ?? null)),
    clock: unsafe === 'document' ? 'document' : unsafe ? 'fixed' : 'present',
    at,
    acceptability: acceptabilityAt(at, { timestamp, chain, maxAgeSeconds, futureSkewSeconds }),
    anchors,
  }
}
