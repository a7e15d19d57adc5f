import { AsnConvert } from '@peculiar/asn1-schema'
import { Certificate } from '@peculiar/asn1-x509'
import type { Name } from '@peculiar/asn1-x509'

/** What two certificates of one shape have in common, whatever their keys, names and times are. */
export interface CertificateShape {
  readonly version: number
  readonly serialBytes: number
  readonly algorithms: readonly [string, string]
  readonly algorithmParameters: readonly unknown[]
  readonly issuer: readonly string[]
  readonly subject: readonly string[]
  readonly validity: readonly string[]
  readonly keyInfoBytes: number
  readonly extensions: readonly string[]
}

/** Reads a certificate with @peculiar/asn1-x509, which shares nothing with the issuer. */
function readCertificate(der: Uint8Array): Certificate {
  return AsnConvert.parse(der, Certificate)
}

/** Takes down the shape of a certificate. */
export function shapeOf(der: Uint8Array): CertificateShape {
  const { tbsCertificate: tbs, signatureAlgorithm } = readCertificate(der)
  return {
    version: tbs.version,
    serialBytes: tbs.serialNumber.byteLength,
    algorithms: [tbs.signature.algorithm, signatureAlgorithm.algorithm],
    algorithmParameters: [tbs.signature.parameters, signatureAlgorithm.parameters],
    issuer: nameShape(tbs.issuer),
    subject: nameShape(tbs.subject),
    validity: [tbs.validity.notBefore, tbs.validity.notAfter].map((time) =>
      time.utcTime ? 'UTCTime' : 'GeneralizedTime',
    ),
    keyInfoBytes: AsnConvert.serialize(tbs.subjectPublicKeyInfo).byteLength,
    // The addresses of revocation lists are as long as AWS's too.
    extensions: (tbs.extensions ?? []).map(
      ({ extnID, critical, extnValue }) => `${extnID} ${critical} ${extnValue.byteLength}`,
    ),
  }
}

/** The attributes of a name in order: type, string type, and the value where it is no identifier. */
function nameShape(name: Name): readonly string[] {
  return [...name].map((rdn) => {
    const [attribute, ...more] = rdn
    if (!attribute || more.length > 0) throw new TypeError('an RDN with more than one attribute')
    const { type, value } = attribute
    const kind = value.printableString === undefined ? 'UTF8String' : 'PrintableString'
    return `${type} ${kind} ${type === '2.5.4.3' ? commonNameShape(value.toString()) : value.toString()}`
  })
}

/** A common name with its identifiers blanked out and its partition left out. */
function commonNameShape(name: string): string {
  return name
    .replace(/^i-[0-9a-f]{17}/, 'i-#')
    .replace(/-(enc|tpm)[0-9a-f]{16}/, '-$1#')
    .replace(/^[0-9a-f]{1,16}\./, '#.')
    .replace(/[a-z]{2}-[a-z]+-\d/, 'region')
    .replace(/\b(?:aws|lab)(?=$|\.nitro-enclaves$)/, 'partition')
}
