/**
 * The library entry `attested-kms/attestation`: verifies and inspects attestation documents of AWS Nitro Enclaves and
 * NitroTPM. Names what is public, so that everything else may change; nothing in the project imports it.
 */

export { examineAttestation, verifyAttestation } from '../attestation/verify.ts'
export { unsafeEvaluationTime } from '../attestation/verify-options.ts'
export type { VerifyOptions } from '../attestation/verify-options.ts'
export type { CertificateSummary, VerifiedAttestation } from '../attestation/verified-attestation.ts'
export type { DocumentKind } from '../attestation/document.ts'
export type { EvaluationClock } from '../attestation/evaluation-time.ts'
export { parseRecipientKey } from '../attestation/recipient-key.ts'
export type { RecipientKey } from '../attestation/recipient-key.ts'

export type {
  AcceptedReport,
  AttestationReport,
  CheckResult,
  RejectedReport,
  UnverifiedDocument,
  UnverifiedParts,
} from '../attestation/attestation-report.ts'
export { ATTESTATION_CHECKS } from '../attestation/attestation-checks.ts'
export { AttestationError } from '../attestation/errors.ts'
export type { AttestationErrorCode } from '../attestation/errors.ts'

export { inspectAttestation } from '../attestation/inspect.ts'
export type {
  AttestationInspection,
  BrokenPlace,
  InspectedBytes,
  InspectedPublicKey,
} from '../attestation/inspect.ts'
export type { CertificateRole, InspectedCertificate } from '../attestation/inspected-certificate.ts'
export type { InspectedEnvelope } from '../attestation/inspected-envelope.ts'
export type { FieldName, OtherField } from '../attestation/inspected-fields.ts'
export type { InspectedModule } from '../attestation/inspected-module.ts'
export type { InspectedPcr } from '../attestation/inspected-pcr.ts'
export type { X509Details } from '../attestation/x509-details.ts'
export { acceptabilityAt } from '../attestation/acceptability.ts'
export type { Acceptability, AcceptabilityParts } from '../attestation/acceptability.ts'

export { AWS_NITRO_ROOT } from '../attestation/roots/aws-nitro.ts'
export { AWS_US_GOV_NITRO_ROOT } from '../attestation/roots/aws-us-gov-nitro.ts'
export { parseTrustAnchor } from '../attestation/trust-anchor.ts'
export type { TrustAnchor, TrustAnchorLabel } from '../attestation/trust-anchor.ts'
export { ALL_PARTITIONS } from '../core/partition.ts'
export type { Partition } from '../core/partition.ts'

export { createVerificationCache } from '../attestation/verification-cache.ts'
export type { VerificationCache } from '../attestation/verification-cache.ts'

export { MovableClock, systemClock } from '../core/clock.ts'
export type { Clock } from '../core/clock.ts'
