// Of @peculiar/asn1-schema and asn1-x509 is relied on: they read a DER certificate into its parts by their own code. They
// are lenient about the encoding and slow, so they judge nothing; loaded only when an unknown intermediate has passed.
import { AsnConvert } from '@peculiar/asn1-schema'
import {
  BasicConstraints,
  Certificate,
  id_ce_basicConstraints,
  id_ce_keyUsage,
  KeyUsage,
  KeyUsageFlags,
} from '@peculiar/asn1-x509'
import { hash } from 'node:crypto'
import type { SoundCertificate } from './certificate-checks.ts'

/**
 * Whether an independent reader finds the same in an intermediate certificate as the verifier did: its window, its key,
 * its path length, that it is a CA which may sign certificates, and no critical extension beside these two. An
 * intermediate speaks for many documents and its signature is remembered, so on first sight a second opinion is cheap.
 * Never throws.
 */
export function agreesWithSecondReader(certificate: SoundCertificate): boolean {
  try {
    const { tbsCertificate } = AsnConvert.parse(certificate.der, Certificate)
    const { validity, subjectPublicKeyInfo } = tbsCertificate
    const extensions = tbsCertificate.extensions ?? []
    const constraints = extensions.find(({ extnID }) => extnID === id_ce_basicConstraints)
    const usage = extensions.find(({ extnID }) => extnID === id_ce_keyUsage)
    if (!constraints || !usage) return false
    const { cA, pathLenConstraint } = AsnConvert.parse(constraints.extnValue, BasicConstraints)
    const { extensions: own, validity: ownValidity } = certificate
    const spki = new Uint8Array(AsnConvert.serialize(subjectPublicKeyInfo))
    return [
      validity.notBefore.getTime().getTime() === ownValidity.notBefore.getTime(),
      validity.notAfter.getTime().getTime() === ownValidity.notAfter.getTime(),
      hash('sha256', spki, 'hex') === certificate.spkiSha256,
      cA === own.basicConstraints?.isCa,
      (pathLenConstraint ?? null) === own.basicConstraints?.pathLength,
      (AsnConvert.parse(usage.extnValue, KeyUsage).toNumber() & KeyUsageFlags.keyCertSign) !== 0,
      extensions.filter(({ critical }) => critical).length === own.critical.length,
    ].every(Boolean)
  } catch {
    return false
  }
}
