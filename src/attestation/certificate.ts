import type { KeyObject } from 'node:crypto'
import { hash } from 'node:crypto'
import { AttestationError } from './errors.ts'
import type { CertificateExtensions } from './certificate-extensions.ts'
import { readExtensions } from './certificate-extensions.ts'
import { readCertificateKey } from './certificate-key.ts'
import type { DerElement } from './der.ts'
import {
  DER_BIT_STRING,
  DER_INTEGER,
  DER_OBJECT_IDENTIFIER,
  DER_SEQUENCE,
  derContent,
  derEncoding,
  parseDer,
} from './der.ts'
import { takeFields } from './der-fields.ts'
import { isName, toNameText } from './distinguished-name.ts'
import { isDerSignature } from './ecdsa-signature.ts'
import type { Validity } from './validity.ts'
import { readValidity } from './validity.ts'

/**
 * What an X.509 certificate says (RFC 5280 §4.1), read once from its bytes. Nothing in it has been judged: parts that
 * the verifier cannot take are `null` or named as a fault, for the checks to find in their order.
 */
export interface Certificate {
  readonly der: Uint8Array
  /** Of the DER, lower-case hexadecimal digits. */
  readonly sha256: string
  /** The signed part, as received. */
  readonly tbs: Uint8Array
  /** 1 to 3 for v1 to v3. */
  readonly version: number
  /** Serial number, content octets of the INTEGER. */
  readonly serialNumber: Uint8Array
  /** The AlgorithmIdentifiers inside and outside the signed part. */
  readonly signedAlgorithm: Uint8Array
  readonly outerAlgorithm: Uint8Array
  /** DER of the names. */
  readonly issuer: Uint8Array
  readonly subject: Uint8Array
  /** The subject as RFC 4514 writes names. */
  readonly subjectText: string
  readonly validity: Validity | null
  readonly isP384: boolean
  readonly publicKey: KeyObject | null
  /** Of the SubjectPublicKeyInfo's DER, lower-case hexadecimal digits. */
  readonly spkiSha256: string
  readonly extensions: CertificateExtensions
  /** The signature, if it is DER with numbers in range. */
  readonly signature: Uint8Array | null
}

/**
 * Reads exactly one DER certificate. `place` names it in messages, such as `cabundle[1]`; `sha256` is the hash of the
 * bytes in hexadecimal digits, for whoever has it already. Throws `AttestationError` with `CERT_NOT_DER`.
 */
export function parseCertificate(
  bytes: Uint8Array,
  place: string,
  sha256 = hash('sha256', bytes, 'hex'),
): Certificate {
  // A copy, so that a certificate kept in a cache does not keep the document it came in.
  const der = new Uint8Array(bytes)
  try {
    return { der, sha256, ...readCertificate(parseDer(der)) }
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new AttestationError('CERT_NOT_DER', `${place} is not one DER certificate: ${cause.message}`, {
      cause,
    })
  }
}

function readCertificate(element: DerElement): Omit<Certificate, 'der' | 'sha256'> {
  if (element.tag !== DER_SEQUENCE) throw new SyntaxError('the outermost element is no SEQUENCE')
  const outer = takeFields(element)
  const tbs = outer.take(DER_SEQUENCE, 'the signed part')
  const outerAlgorithm = checkAlgorithm(outer.take(DER_SEQUENCE, 'the outer algorithm'))
  const signatureBits = derContent(outer.take(DER_BIT_STRING, 'the signature'))
  outer.end()
  const signature = signatureBits.subarray(1)
  return {
    tbs: derEncoding(tbs),
    outerAlgorithm: derEncoding(outerAlgorithm),
    signature: signatureBits[0] === 0 && isDerSignature(signature) ? signature : null,
    ...readSignedPart(tbs),
  }
}

type SignedPart = Omit<Certificate, 'der' | 'sha256' | 'tbs' | 'outerAlgorithm' | 'signature'>

function readSignedPart(tbs: DerElement): SignedPart {
  const fields = takeFields(tbs)
  const version = readVersion(fields.takeOptional(0xa0))
  const serialNumber = fields.take(DER_INTEGER, 'the serial number')
  const signedAlgorithm = checkAlgorithm(fields.take(DER_SEQUENCE, 'the signed algorithm'))
  const issuer = checkName(fields.take(DER_SEQUENCE, 'the issuer'))
  const [notBefore, notAfter] = pair(fields.take(DER_SEQUENCE, 'the validity'))
  const subject = checkName(fields.take(DER_SEQUENCE, 'the subject'))
  const spki = fields.take(DER_SEQUENCE, 'the public key')
  const [algorithm, bits] = pair(spki)
  checkAlgorithm(algorithm)
  if (bits.tag !== DER_BIT_STRING) throw new SyntaxError('the public key is no BIT STRING')
  // issuerUniqueID and subjectUniqueID: allowed by the syntax, without meaning here (RFC 5280 §4.1.2.8).
  fields.takeOptional(0x81)
  fields.takeOptional(0x82)
  const extensions = readExtensions(fields.takeOptional(0xa3))
  fields.end()
  return {
    version,
    serialNumber: derContent(serialNumber),
    signedAlgorithm: derEncoding(signedAlgorithm),
    issuer: derEncoding(issuer),
    validity: readValidity(notBefore, notAfter),
    subject: derEncoding(subject),
    subjectText: toNameText(subject),
    ...readCertificateKey(spki, { algorithm, bits }),
    spkiSha256: hash('sha256', derEncoding(spki), 'hex'),
    extensions,
  }
}

/** RFC 5280 §4.1.2.1: an explicitly tagged INTEGER, one less than the version; absent for v1. */
function readVersion(field: DerElement | undefined): number {
  if (!field) return 1
  const inner = takeFields(field)
  const content = derContent(inner.take(DER_INTEGER, 'the version'))
  inner.end()
  return content.length === 1 ? (content[0] ?? 0) + 1 : Infinity
}

/** RFC 5280 §4.1.1.2: an OBJECT IDENTIFIER and perhaps parameters. */
function checkAlgorithm(element: DerElement): DerElement {
  const [oid, , ...rest] = element.children
  if (element.tag !== DER_SEQUENCE || oid?.tag !== DER_OBJECT_IDENTIFIER || rest.length > 0) {
    throw new SyntaxError('an AlgorithmIdentifier is malformed')
  }
  return element
}

function checkName(element: DerElement): DerElement {
  if (!isName(element)) throw new SyntaxError('a name is malformed')
  return element
}

function pair(element: DerElement): readonly [DerElement, DerElement] {
  const [first, second, ...rest] = element.children
  if (!first || !second || rest.length > 0) throw new SyntaxError('a SEQUENCE of two has another number')
  return [first, second]
}
