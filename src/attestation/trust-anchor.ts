import type { Partition } from '../core/partition.ts'
import { parseCertificate } from './certificate.ts'
import { checkCertificates } from './certificate-checks.ts'

/**
 * A root certificate that chains may end in, pinned by the hash of its bytes: names prove nothing, and a root that was
 * issued again is a decision of the operator. The certificate itself comes with every document.
 */
export interface TrustAnchor {
  readonly name: string
  /** The partitions whose keys documents under this root count for. */
  readonly partitions: readonly Partition[]
  /** SHA-256 of the certificate's DER, 64 lower-case hexadecimal digits. */
  readonly sha256: string
  /** When the certificate expires, for people; the verifier reads it from the certificate. */
  readonly notAfter: Date | null
  /** Where the anchor comes from: a published address or the path of a file. */
  readonly source: string
}

/** Name, partitions and source of an anchor that is read from a file. */
export type TrustAnchorLabel = Pick<TrustAnchor, 'name' | 'partitions' | 'source'>

const PEM = /^-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----$/

/**
 * Reads a root certificate, PEM (one block, RFC 7468) or DER, as a trust anchor. It has to be one that chains can be
 * verified with: throws `AttestationError` with the `CERT_…` codes.
 */
export function parseTrustAnchor(pemOrDer: Uint8Array, label: TrustAnchorLabel): TrustAnchor {
  const [, base64] = PEM.exec(Buffer.from(pemOrDer).toString('latin1').trim()) ?? []
  const der = base64 === undefined ? pemOrDer : Buffer.from(base64, 'base64')
  const certificate = parseCertificate(der, label.source)
  checkCertificates({ bundle: [], leaf: { place: label.source, certificate } })
  const { name, partitions, source } = label
  return {
    name,
    partitions,
    sha256: certificate.sha256,
    notAfter: certificate.validity?.notAfter ?? null,
    source,
  }
}
