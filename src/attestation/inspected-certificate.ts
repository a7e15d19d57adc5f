import { isRegion } from '../core/partition.ts'
import { parseCertificate } from './certificate.ts'
import { AttestationError } from './errors.ts'
import type { CertificateSummary } from './verified-attestation.ts'
import type { X509Details } from './x509-details.ts'

/** How a certificate is read for display. */
export type ReadDetails = (der: Uint8Array) => X509Details | null

/** A certificate as it stands in a document. */
export interface InspectedCertificate {
  /** Where it stands, such as `cabundle[0]`. */
  readonly place: string
  /** Length in bytes. */
  readonly length: number
  /** `null` where the bytes are no certificate; then `fault` says why. */
  readonly summary: CertificateSummary | null
  readonly fault: AttestationError | null
  /** `null` where the extension does not say. */
  readonly isCa: boolean | null
  readonly pathLength: number | null
  /** The Region that its common name speaks of. */
  readonly region: string | null
  /** What else it says, by a reader that is not the verifier's; `null` where that one cannot read it. */
  readonly details: X509Details | null
}

/** Reads a certificate as far as it can be read. Never throws. */
export function inspectCertificate(
  der: Uint8Array,
  place: string,
  readDetails: ReadDetails,
): InspectedCertificate {
  const read = { place, length: der.length, details: readDetails(der) }
  const unread = { ...read, summary: null, isCa: null, pathLength: null, region: null }
  try {
    const { subjectText, validity, sha256, extensions } = parseCertificate(der, place)
    return {
      ...read,
      summary: {
        subject: subjectText,
        notBefore: validity?.notBefore ?? null,
        notAfter: validity?.notAfter ?? null,
        sha256,
      },
      fault: null,
      isCa: extensions.basicConstraints?.isCa ?? null,
      pathLength: extensions.basicConstraints?.pathLength ?? null,
      region: regionOf(subjectText),
    }
  } catch (error) {
    if (error instanceof AttestationError) return { ...unread, fault: error }
    throw error
  }
}

/** AWS names certificates `<id>.<region>.<partition>…`; a hint for people, nothing to decide by. */
function regionOf(subject: string): string | null {
  const commonName = /(?:^|,)CN=([^,]{1,256})/.exec(subject)?.[1] ?? ''
  return commonName.split('.').find(isRegion) ?? null
}
