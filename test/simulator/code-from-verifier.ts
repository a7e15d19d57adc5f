import { AttestationError } from '../../src/attestation/errors.ts'
import { AWS_NITRO_ROOT } from '../../src/attestation/roots/aws-nitro.ts'
import type { TrustAnchor } from '../../src/attestation/trust-anchor.ts'
import { parseTrustAnchor } from '../../src/attestation/trust-anchor.ts'
import { unsafeEvaluationTime } from '../../src/attestation/verify-options.ts'
import { verifyAttestation } from '../../src/attestation/verify.ts'

/** How a document is put to the verifier. */
export interface Verification {
  readonly document: Uint8Array
  /** The present time, or the document's own. */
  readonly now: Date | 'document'
  /** DER or PEM of trusted roots; `aws` stands for the commercial root, which is pinned and not shipped. */
  readonly roots: readonly (Uint8Array | 'aws')[]
  readonly maxAgeSeconds?: number | undefined
  readonly recipientKey?: boolean | undefined
}

/**
 * The code the verifier refuses a document with; null if it accepts it. Anything else that is thrown fails the test.
 */
export async function codeFromVerifier(asked: Verification): Promise<string | null> {
  const { document, now, roots, maxAgeSeconds, recipientKey = false } = asked
  try {
    await verifyAttestation(document, {
      anchors: roots.map(toAnchor),
      // Under the document's clock the present time must not matter.
      clock: { now: () => (now === 'document' ? new Date('2048-12-31T00:00:00Z') : now) },
      demandRecipientKey: recipientKey,
      ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
      ...(now === 'document' && { [unsafeEvaluationTime]: 'document' as const }),
    })
    return null
  } catch (error) {
    if (error instanceof AttestationError) return error.code
    throw error
  }
}

/** A root as an anchor. */
export function toAnchor(root: Uint8Array | 'aws'): TrustAnchor {
  if (root === 'aws') return AWS_NITRO_ROOT
  return parseTrustAnchor(root, { name: 'lab.nitro-enclaves', partitions: ['aws'], source: 'test' })
}
