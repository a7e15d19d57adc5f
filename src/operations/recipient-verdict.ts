import type { AcceptedReport, RejectedReport } from '../attestation/attestation-report.ts'
import type { RecipientKey } from '../attestation/recipient-key.ts'
import { examineAttestation } from '../attestation/verify.ts'
import { partitionOfRegion } from '../core/partition.ts'
import type { RecipientMembers } from './members.ts'
import type { Services } from './services.ts'

/** A document that passed every check, with the key that an answer can be encrypted to. */
type AcceptedRecipient = AcceptedReport & { readonly recipientKey: RecipientKey }

/** What an answer may be released to. `absent` only where the request has no `Recipient`. */
export type UsableRecipient = { readonly verdict: 'absent' } | AcceptedRecipient

/** What was found about `Recipient` of a request. Of a rejected document the measurements count for nothing. */
export type RecipientVerdict = UsableRecipient | RejectedReport

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
  const report = await examineAttestation(document, {
    ...services.attestation,
    anchors: services.anchors.filter(({ partitions }) => partitions.includes(partition)),
    demandRecipientKey: true,
  })
  if (report.verdict === 'rejected') return report
  const { recipientKey } = report
  if (recipientKey === null) throw new TypeError('an accepted document has no recipient key')
  return { ...report, recipientKey }
}
