import {
  derBitString,
  derExplicit,
  derObjectIdentifier,
  derSequence,
  derTime,
  derUnsigned,
} from './der-writer.ts'
import type { Extension } from './extension.ts'
import { derExtension } from './extension.ts'
import type { HashName, SigningKey } from './signing-key.ts'
import { toDerSignature } from './signing-key.ts'

/** AlgorithmIdentifiers without parameters (RFC 5758 §3.2). */
export const SIGNATURE_ALGORITHM = {
  sha256: derSequence(derObjectIdentifier('1.2.840.10045.4.3.2')),
  sha384: derSequence(derObjectIdentifier('1.2.840.10045.4.3.3')),
  sha512: derSequence(derObjectIdentifier('1.2.840.10045.4.3.4')),
} as const

/** The version field of an X.509 v3 certificate. */
const VERSION_3 = derExplicit(0, derUnsigned(Uint8Array.of(2)))

/**
 * A certificate before it is encoded and signed. Fields that a faulty certificate may spell oddly are held as DER;
 * windows as times, unless `validity` says otherwise.
 */
export interface CertificatePlan {
  /** The subject's key; what it issues is signed with it. */
  readonly key: SigningKey
  readonly issuerKey: SigningKey
  /** DER of the version field; empty for version 1. */
  readonly version: Uint8Array
  /** Big-endian bytes of the serial number. */
  readonly serial: Uint8Array
  readonly innerAlgorithm: Uint8Array
  readonly outerAlgorithm: Uint8Array
  readonly hash: HashName
  readonly issuer: Uint8Array
  readonly subject: Uint8Array
  readonly notBefore: Date
  readonly notAfter: Date
  /** DER of the validity, where it is not what the two times give. */
  readonly validity?: Uint8Array
  /** DER of the SubjectPublicKeyInfo, where it is not the key's. */
  readonly publicKeyInfo?: Uint8Array
  readonly extensions: readonly Extension[]
  /** Makes the content of the signature from the part to be signed, where the issuer does not sign it as it should. */
  readonly signature?: (toBeSigned: Uint8Array) => Uint8Array
}

/** What differs from one good certificate to the next. */
export type CertificateSubject = Pick<
  CertificatePlan,
  'key' | 'issuerKey' | 'serial' | 'issuer' | 'subject' | 'notBefore' | 'notAfter' | 'extensions'
>

/** A plan of a well-formed certificate: version 3, signed with SHA-384. */
export function planCertificate(subject: CertificateSubject): CertificatePlan {
  return {
    ...subject,
    version: VERSION_3,
    innerAlgorithm: SIGNATURE_ALGORITHM.sha384,
    outerAlgorithm: SIGNATURE_ALGORITHM.sha384,
    hash: 'sha384',
  }
}

/** Encodes the part of a certificate that is signed (RFC 5280 §4.1.1.1). */
export function encodeToBeSigned(plan: CertificatePlan): Uint8Array {
  const extensions =
    plan.extensions.length === 0 ? [] : [derExplicit(3, derSequence(...plan.extensions.map(derExtension)))]
  return derSequence(
    plan.version,
    derUnsigned(plan.serial),
    plan.innerAlgorithm,
    plan.issuer,
    plan.validity ?? derSequence(derTime(plan.notBefore), derTime(plan.notAfter)),
    plan.subject,
    plan.publicKeyInfo ?? plan.key.publicKeyInfo,
    ...extensions,
  )
}

/** Signs and encodes a certificate; the DER of RFC 5280 §4.1, but for what the plan spells oddly. */
export function encodeCertificate(plan: CertificatePlan): Uint8Array {
  const toBeSigned = encodeToBeSigned(plan)
  const signature = plan.signature ? plan.signature(toBeSigned) : signCertificate(plan, toBeSigned)
  return derSequence(toBeSigned, plan.outerAlgorithm, derBitString(signature))
}

/** The signature of a certificate as its issuer makes it. */
export function signCertificate(plan: CertificatePlan, toBeSigned: Uint8Array): Uint8Array {
  return toDerSignature(plan.issuerKey.sign(toBeSigned, { hash: plan.hash }))
}
