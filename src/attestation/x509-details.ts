// Of @peculiar/x509 is relied on: it reads names, serial number and extensions of a certificate for people to look at. It
// needs reflect-metadata before it, is slow to load and lenient, so it is loaded by `attestation inspect` only, and nothing
// is decided by what it says.
import 'reflect-metadata'
import { X509Certificate } from '@peculiar/x509'
import { toPrintable } from './printable.ts'

/** What a certificate says beyond what the verifier looks at. */
export interface X509Details {
  readonly subject: string
  readonly issuer: string
  /** The window as a lenient reader takes it; `null` where that is no date. */
  readonly notBefore: Date | null
  readonly notAfter: Date | null
  /** Lower-case hexadecimal digits. */
  readonly serialNumber: string
  /** Names of the extensions in their order, dotted where unknown; critical ones are marked. */
  readonly extensions: readonly string[]
}

/** Extensions that AWS's chains carry (RFC 5280 §4.2.1). */
const EXTENSION_NAMES: ReadonlyMap<string, string> = new Map([
  ['2.5.29.14', 'subjectKeyIdentifier'],
  ['2.5.29.15', 'keyUsage'],
  ['2.5.29.19', 'basicConstraints'],
  ['2.5.29.31', 'cRLDistributionPoints'],
  ['2.5.29.35', 'authorityKeyIdentifier'],
  ['2.5.29.37', 'extKeyUsage'],
])

/** Reads a DER certificate for display; `null` where it cannot be read. Never throws. */
export function readX509Details(der: Uint8Array): X509Details | null {
  try {
    const certificate = new X509Certificate(new Uint8Array(der))
    return {
      subject: toPrintable(certificate.subject),
      issuer: toPrintable(certificate.issuer),
      notBefore: toDate(certificate.notBefore),
      notAfter: toDate(certificate.notAfter),
      serialNumber: certificate.serialNumber,
      extensions: certificate.extensions.map(
        ({ type, critical }) => `${EXTENSION_NAMES.get(type) ?? type}${critical ? ' (critical)' : ''}`,
      ),
    }
  } catch {
    return null
  }
}

function toDate(date: Date): Date | null {
  return Number.isNaN(date.getTime()) ? null : date
}
