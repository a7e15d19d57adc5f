import type { DocumentKind } from './document.ts'
import type { EvaluationClock } from './evaluation-time.ts'
import type { TrustAnchor } from './trust-anchor.ts'

declare const verifiedBrand: unique symbol

/** A certificate of a chain, for people and records. */
export interface CertificateSummary {
  /** The subject as RFC 4514 writes names. */
  readonly subject: string
  readonly notBefore: Date | null
  readonly notAfter: Date | null
  /** Of the DER, lower-case hexadecimal digits. */
  readonly sha256: string
}

/** An attestation document that passed every check. Made in `verify.ts` only. */
export interface VerifiedAttestation {
  readonly [verifiedBrand]: true
  readonly kind: DocumentKind
  readonly moduleId: string
  /** When the hypervisor says it made the document. */
  readonly timestamp: Date
  /** 48 bytes by index, as far as the document holds them. */
  readonly pcrs: ReadonlyMap<number, Uint8Array>
  /** Whatever the attested program passed, 0 to 1,024 bytes; `null` where it passed nothing. */
  readonly publicKey: Uint8Array | null
  readonly userData: Uint8Array | null
  readonly nonce: Uint8Array | null
  readonly anchor: TrustAnchor
  /** Root first, leaf last. */
  readonly chain: readonly CertificateSummary[]
  /** The window in which all certificates are valid, both seconds included. */
  readonly validFrom: Date
  readonly validUntil: Date
  /** The time at which the document was judged, and which clock that was. */
  readonly evaluatedAt: Date
  readonly evaluationClock: EvaluationClock
}
