import { parseBase64 } from '../core/base64.ts'
import type { Partition } from '../core/partition.ts'
import type { Certificate } from './certificate.ts'
import { parseCertificate } from './certificate.ts'
import { checkCertificates } from './certificate-checks.ts'

/**
 * A root certificate that chains may end in, pinned by the hash of its bytes: names prove nothing, and a root that was
 * issued again is a decision of the operator. The certificate itself comes with every document.
 */
export interface TrustAnchor {
  /** For people and records; nothing is compared with it. */
  readonly name: string
  /** The partitions whose keys documents under this root count for. The verifier leaves it to its caller to ask. */
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

const PEM_BEGIN = '-----BEGIN CERTIFICATE-----'
const PEM_END = '-----END CERTIFICATE-----'

/**
 * Reads a root certificate, PEM (one block, RFC 7468) or DER, as a trust anchor. It has to be one that chains can be
 * verified with: throws `AttestationError` with the `CERT_…` codes.
 */
export function parseTrustAnchor(pemOrDer: Uint8Array, label: TrustAnchorLabel): TrustAnchor {
  return toTrustAnchor(parseRootCertificate(pemOrDer, label.source), label)
}

/** Reads the certificate alone, which `source` names in messages. Throws as `parseTrustAnchor` does. */
export function parseRootCertificate(pemOrDer: Uint8Array, source: string): Certificate {
  const certificate = parseCertificate(readPem(pemOrDer) ?? pemOrDer, source)
  checkCertificates({ bundle: [], leaf: { place: source, certificate } })
  return certificate
}

/** Pins a certificate that `parseRootCertificate` read. */
export function toTrustAnchor(
  { sha256, validity }: Certificate,
  { name, partitions, source }: TrustAnchorLabel,
): TrustAnchor {
  return { name, partitions, sha256, notAfter: validity?.notAfter ?? null, source }
}

/**
 * What the one block of a PEM file holds (RFC 7468 §2); `null` for anything else, which is then no certificate either.
 * Base64 is read strictly: a block with a character too many names no bytes.
 */
function readPem(content: Uint8Array): Uint8Array | null {
  const text = Buffer.from(content).toString('latin1').trim()
  if (!text.startsWith(PEM_BEGIN) || !text.endsWith(PEM_END)) return null
  try {
    return parseBase64(text.slice(PEM_BEGIN.length, -PEM_END.length).replaceAll(/\s+/g, ''))
  } catch {
    return null
  }
}
