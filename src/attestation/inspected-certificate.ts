import { hash } from 'node:crypto'
import { isRegion } from '../core/partition.ts'
import type { Certificate } from './certificate.ts'
import { parseCertificate } from './certificate.ts'
import { AttestationError } from './errors.ts'
import type { CertificateSummary } from './verified-attestation.ts'
import type { X509Details } from './x509-details.ts'
import { equalBytes } from '../core/bytes.ts'

/** How a certificate is read for display. */
export type ReadDetails = (der: Uint8Array) => X509Details | null

/** What a certificate is for, by where it stands and what it is called; nothing to decide by. */
export type CertificateRole = 'root' | 'regional' | 'zonal' | 'instance' | 'leaf' | 'intermediate'

/** A certificate as it stands in a document. */
export interface InspectedCertificate {
  /** Where it stands, such as `cabundle[0]`. */
  readonly place: string
  readonly role: CertificateRole
  /** Length in bytes. */
  readonly length: number
  /** Of the bytes, lower-case hexadecimal digits. */
  readonly sha256: string
  /** `null` where the bytes are no certificate; then `fault` says why. */
  readonly summary: CertificateSummary | null
  readonly fault: AttestationError | null
  /** `null` where the extension does not say. */
  readonly isCa: boolean | null
  readonly pathLength: number | null
  /** Whether it may sign certificates, and documents; `null` where it has no readable keyUsage. */
  readonly maySignCertificates: boolean | null
  readonly maySignDocuments: boolean | null
  /** Its own name, and the Region that this speaks of. */
  readonly commonName: string | null
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
  const details = readDetails(der)
  const { certificate, fault } = tryParse(der, place)
  const subject = certificate?.subjectText ?? details?.subject ?? ''
  const commonName = /(?:^|[,+] ?)CN=((?:[^,\\]|\\.){1,256})/.exec(subject)?.[1] ?? null
  const role = isSelfIssued(certificate, details) ? 'root' : roleOf(commonName)
  return {
    place,
    role: place === 'certificate' ? 'leaf' : role,
    length: der.length,
    sha256: hash('sha256', der, 'hex'),
    summary: certificate && summarize(certificate),
    fault,
    ...rightsOf(certificate),
    commonName,
    region: commonName?.split('.').find(isRegion) ?? null,
    details,
  }
}

type Rights = Pick<InspectedCertificate, 'isCa' | 'pathLength' | 'maySignCertificates' | 'maySignDocuments'>

function rightsOf(certificate: Certificate | null): Rights {
  const { basicConstraints, keyUsage } = certificate?.extensions ?? {}
  return {
    isCa: basicConstraints?.isCa ?? null,
    pathLength: basicConstraints?.pathLength ?? null,
    maySignCertificates: keyUsage?.keyCertSign ?? null,
    maySignDocuments: keyUsage?.digitalSignature ?? null,
  }
}

function tryParse(
  der: Uint8Array,
  place: string,
): { readonly certificate: Certificate | null; readonly fault: AttestationError | null } {
  try {
    return { certificate: parseCertificate(der, place), fault: null }
  } catch (error) {
    if (error instanceof AttestationError) return { certificate: null, fault: error }
    throw error
  }
}

function isSelfIssued(certificate: Certificate | null, details: X509Details | null): boolean {
  if (certificate) return equalBytes(certificate.issuer, certificate.subject)
  return details !== null && details.issuer === details.subject
}

/** AWS names certificates `<id>.<region>.<partition>…`. */
function roleOf(commonName: string | null): CertificateRole {
  const [first = '', second = ''] = commonName?.split('.') ?? []
  if (second === 'zonal') return 'zonal'
  if (/^i-[0-9a-f]+$/.test(first)) return 'instance'
  return /^[0-9a-f]+$/.test(first) && isRegion(second) ? 'regional' : 'intermediate'
}

function summarize({ subjectText, validity, sha256 }: Certificate): CertificateSummary {
  return {
    subject: subjectText,
    notBefore: validity?.notBefore ?? null,
    notAfter: validity?.notAfter ?? null,
    sha256,
  }
}
