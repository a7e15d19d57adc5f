import { AsnConvert } from '@peculiar/asn1-schema'
import {
  BasicConstraints,
  Certificate,
  id_ce_basicConstraints,
  id_ce_keyUsage,
  KeyUsage,
  KeyUsageFlags,
} from '@peculiar/asn1-x509'
import { X509Certificate, hash } from 'node:crypto'

/** What the verifier's checks need to know of a certificate, whoever read it. */
export interface CertificateReading {
  readonly notBefore: Date
  readonly notAfter: Date
  readonly spkiSha256: string
  readonly isCa: boolean
  readonly pathLength: number | null
  readonly keyCertSign: boolean
  readonly digitalSignature: boolean
  readonly criticalCount: number
  /** Hexadecimal digits. */
  readonly issuer: string
  readonly subject: string
  readonly serialNumber: string
}

/** Reads a DER certificate with @peculiar/asn1-x509, which shares no code with the verifier. */
export function readBySchema(der: Uint8Array): CertificateReading {
  const { tbsCertificate } = AsnConvert.parse(der, Certificate)
  const { validity, subjectPublicKeyInfo, issuer, subject, serialNumber } = tbsCertificate
  const extensions = tbsCertificate.extensions ?? []
  const valueOf = (oid: string) => extensions.find(({ extnID }) => extnID === oid)?.extnValue
  const constraintsValue = valueOf(id_ce_basicConstraints)
  const constraints = constraintsValue ? AsnConvert.parse(constraintsValue, BasicConstraints) : undefined
  const usageValue = valueOf(id_ce_keyUsage)
  const usage = usageValue ? AsnConvert.parse(usageValue, KeyUsage).toNumber() : 0
  return {
    notBefore: validity.notBefore.getTime(),
    notAfter: validity.notAfter.getTime(),
    spkiSha256: hash('sha256', new Uint8Array(AsnConvert.serialize(subjectPublicKeyInfo)), 'hex'),
    isCa: constraints?.cA ?? false,
    pathLength: constraints?.pathLenConstraint ?? null,
    keyCertSign: (usage & KeyUsageFlags.keyCertSign) !== 0,
    digitalSignature: (usage & KeyUsageFlags.digitalSignature) !== 0,
    criticalCount: extensions.filter(({ critical }) => critical).length,
    issuer: hex(AsnConvert.serialize(issuer)),
    subject: hex(AsnConvert.serialize(subject)),
    serialNumber: hex(serialNumber),
  }
}

/** Reads a DER certificate with OpenSSL, as far as Node shows what it found. */
export function readByOpenssl(
  der: Uint8Array,
): Pick<CertificateReading, 'notBefore' | 'notAfter' | 'spkiSha256' | 'isCa'> {
  const certificate = new X509Certificate(der)
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' })
  return {
    notBefore: certificate.validFromDate,
    notAfter: certificate.validToDate,
    spkiSha256: hash('sha256', spki, 'hex'),
    isCa: certificate.ca,
  }
}

function hex(bytes: ArrayBuffer): string {
  return Buffer.from(bytes).toString('hex')
}
