import type { AcceptedReport, RejectedReport } from '../attestation/attestation-report.ts'
import type { EvaluationClock } from '../attestation/evaluation-time.ts'
import type { RecipientKey } from '../attestation/recipient-key.ts'
import { unsafeEvaluationTime } from '../attestation/verify-options.ts'
import { examineAttestation } from '../attestation/verify.ts'
import { partitionOfRegion } from '../core/partition.ts'
import type { RecipientMembers } from './members.ts'
import type { Services } from './services.ts'

/** A document that passed every check, with the key that an answer can be encrypted to. */
type AcceptedRecipient = AcceptedReport & { readonly recipientKey: RecipientKey }

/** What an answer may be released to. `absent` only where the request has no `Recipient`. */
export type UsableRecipient = { readonly verdict: 'absent' } | AcceptedRecipient

/** A document that failed a check, and when it was judged. */
export interface RejectedRecipient extends RejectedReport {
  readonly clock: EvaluationClock
  /** `null` where the document was to be judged at its own time and none could be read. */
  readonly judgedAt: Date | null
}

/** What was found about `Recipient` of a request. Of a rejected document the measurements count for nothing. */
export type RecipientVerdict = UsableRecipient | RejectedRecipient

/** A request without `Recipient`. */
export const NO_RECIPIENT: UsableRecipient = { verdict: 'absent' }

/**
 * Verifies the document of a recipient down to the anchors of the Region's partition: a document counts for keys of its
 * root's partition only, and a request works on keys of its own Region only.
 */
export async function examineRecipient(
  services: Pick<Services, 'anchors' | 'attestation'>,
  region: string,
  { AttestationDocument: document }: RecipientMembers,
): Promise<RecipientVerdict> {
  const partition = partitionOfRegion(region)
  // Read once, so that the record names the time that was judged by.
  const now = services.attestation.clock.now()
  const report = await examineAttestation(document, {
    ...services.attestation,
    clock: { now: () => now },
    anchors: services.anchors.filter(({ partitions }) => partitions.includes(partition)),
    demandRecipientKey: true,
  })
  if (report.verdict === 'rejected') {
    const unsafeTime = services.attestation[unsafeEvaluationTime]
    if (unsafeTime === undefined) return { ...report, clock: 'present', judgedAt: now }
    return unsafeTime === 'document'
      ? { ...report, clock: 'document', judgedAt: report.unverified.document?.timestamp ?? null }
      : { ...report, clock: 'fixed', judgedAt: unsafeTime }
  }
  const { recipientKey } = report
  if (recipientKey === null) throw new TypeError('an accepted document has no recipient key')
  return { ...report, recipientKey }
}
