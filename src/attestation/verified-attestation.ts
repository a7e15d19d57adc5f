import type { DocumentKind } from './document.ts'
import type { EvaluationClock } from './evaluation-time.ts'
import type { TrustAnchor } from './trust-anchor.ts'

declare const verifiedBrand: unique symbol

/** A certificate of a chain, for people and records; the times are to the second. */
export interface CertificateSummary {
  /** The subject as RFC 4514 writes names. */
  readonly subject: string
  /** `null` where the certificate has no readable window; never so in a document that passed. */
  readonly notBefore: Date | null
  readonly notAfter: Date | null
  /** Of the DER, 64 lower-case hexadecimal digits. */
  readonly sha256: string
}

/**
 * An attestation document that passed every check (AWS Nitro Enclaves user guide, "Verifying the root of trust"; Amazon
 * EC2 user guide, "Validate a NitroTPM Attestation Document"). Only `verifyAttestation` and `examineAttestation` make
 * one. It says where the document comes from; whether its measurements and its nonce are those expected is for the
 * reader to ask.
 */
export interface VerifiedAttestation {
  readonly [verifiedBrand]: true
  readonly kind: DocumentKind
  /** What attests, such as `i-…-enc…` or `i-…-tpm…`: 1 to 256 printable ASCII characters. */
  readonly moduleId: string
  /** When the hypervisor says it made the document, to the millisecond. */
  readonly timestamp: Date
  /** 48 bytes (SHA-384) by index from 0 to 31, as far as the document holds them. */
  readonly pcrs: ReadonlyMap<number, Uint8Array>
  /** Whatever the attested program passed, 0 to 1,024 bytes; `null` where it passed nothing. */
  readonly publicKey: Uint8Array | null
  readonly userData: Uint8Array | null
  readonly nonce: Uint8Array | null
  /** The anchor whose root heads the chain; its `partitions` say whose keys the document counts for. */
  readonly anchor: TrustAnchor
  /** Root first, leaf last. */
  readonly chain: readonly CertificateSummary[]
  /** The window in which all certificates are valid, both seconds included. */
  readonly validFrom: Date
  readonly validUntil: Date
  /** The time at which the document was judged. */
  readonly evaluatedAt: Date
  /** Whose time that was; all but `present` say nothing about now. */
  readonly evaluationClock: EvaluationClock
}
