import { ATTESTATION_CHECKS } from './attestation-checks.ts'
import type { DocumentKind } from './document.ts'
import type { AttestationError, AttestationErrorCode } from './errors.ts'
import type { RecipientKey } from './recipient-key.ts'
import type { CertificateSummary, VerifiedAttestation } from './verified-attestation.ts'

/** One check, as it went. */
export interface CheckResult {
  /** What holds when it passes, in a few words. */
  readonly name: string
  /** What the check fails with, whether it did or not. */
  readonly code: AttestationErrorCode
  readonly outcome: 'passed' | 'failed' | 'not-reached'
  /** What failed, or what there was to see; `null` where there is nothing to add. */
  readonly detail: string | null
}

/** The fields of a document that nobody vouches for: anybody can write each of them. */
export interface UnverifiedDocument {
  /** Printable ASCII, 1 to 256 characters. */
  readonly moduleId: string
  /** `null` where it lies beyond what a `Date` can hold. */
  readonly timestamp: Date | null
  /** 48 bytes by index, 0 to 31. */
  readonly pcrs: ReadonlyMap<number, Uint8Array>
  /** Up to 1,024 bytes each, as the attested program passed them; `null` where it passed none. */
  readonly publicKey: Uint8Array | null
  readonly userData: Uint8Array | null
  readonly nonce: Uint8Array | null
}

/** What was read of a refused document before it was refused; each part `null` where reading did not get so far. */
export interface UnverifiedParts {
  readonly kind: DocumentKind | null
  readonly document: UnverifiedDocument | null
  /** Root first, leaf last. */
  readonly chain: readonly CertificateSummary[] | null
}

/** The walk through all checks, and how it ended. */
export type AttestationReport = AcceptedReport | RejectedReport

/** Every check passed. */
export interface AcceptedReport {
  readonly verdict: 'accepted'
  readonly attestation: VerifiedAttestation
  /** `null` where no recipient key was demanded. */
  readonly recipientKey: RecipientKey | null
  readonly checks: readonly CheckResult[]
}

/** One check failed, and what stands behind it does not count. */
export interface RejectedReport {
  readonly verdict: 'rejected'
  readonly error: AttestationError
  readonly checks: readonly CheckResult[]
  readonly unverified: UnverifiedParts
}

/** What a list of checks is made from. */
export interface CheckListing {
  /** The check that failed, if one did. */
  readonly error: AttestationError | null
  readonly demandRecipientKey: boolean
  /** What there was to see, by the code of the check that looked at it. */
  readonly details: ReadonlyMap<AttestationErrorCode, string>
}

/**
 * Lists the checks in their order. Nothing stands against the document in those before the failed one; those after it do
 * not count and are `not-reached`, even where one of them happened to be looked at earlier.
 */
export function listChecks({ error, demandRecipientKey, details }: CheckListing): readonly CheckResult[] {
  const demanded = ATTESTATION_CHECKS.filter(
    ({ code }) => demandRecipientKey || !code.startsWith('RECIPIENT_'),
  )
  const failedAt = demanded.findIndex(({ code }) => code === error?.code)
  return demanded.map(({ name, code }, index) => {
    if (index === failedAt) return { name, code, outcome: 'failed', detail: error?.message ?? null }
    if (failedAt >= 0 && index > failedAt) return { name, code, outcome: 'not-reached', detail: null }
    return { name, code, outcome: 'passed', detail: details.get(code) ?? null }
  })
}
