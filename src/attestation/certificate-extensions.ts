import { toHex } from '../core/bytes.ts'
import { OID_BASIC_CONSTRAINTS, OID_KEY_USAGE } from './constants.ts'
import type { DerElement } from './der.ts'
import { takeFields } from './der-fields.ts'
import {
  DER_BIT_STRING,
  DER_BOOLEAN,
  DER_INTEGER,
  DER_OBJECT_IDENTIFIER,
  DER_OCTET_STRING,
  DER_SEQUENCE,
  derContent,
  parseDer,
} from './der.ts'

/** Content of basicConstraints (RFC 5280 §4.2.1.9). */
interface BasicConstraints {
  readonly isCa: boolean
  /** How many CA certificates may follow; `null` where no number is given. */
  readonly pathLength: number | null
}

/** Content of keyUsage as far as the verifier asks (RFC 5280 §4.2.1.3). */
interface KeyUsage {
  readonly digitalSignature: boolean
  readonly keyCertSign: boolean
}

/** What the extensions of a certificate say. */
export interface CertificateExtensions {
  /** OIDs of the critical ones, content octets in hexadecimal digits. */
  readonly critical: readonly string[]
  /** Whether an OID stands there twice. */
  readonly hasDuplicate: boolean
  /** `null` where the extension is absent. */
  readonly basicConstraints: BasicConstraints | null
  readonly keyUsage: KeyUsage | null
  /** What could not be read; `null` where everything could. */
  readonly fault: string | null
}

interface Extension {
  readonly oid: string
  readonly critical: boolean
  readonly value: Uint8Array
}

const NOTHING = { critical: [], hasDuplicate: false, basicConstraints: null, keyUsage: null, fault: null }

/** Reads the extensions of a certificate from the element with tag [3]; `undefined` stands for a certificate without. */
export function readExtensions(field: DerElement | undefined): CertificateExtensions {
  if (!field) return NOTHING
  let list: readonly Extension[]
  try {
    list = readList(field)
  } catch (error) {
    return { ...NOTHING, fault: messageOf(error) }
  }
  const critical = list.filter((extension) => extension.critical).map((extension) => extension.oid)
  const hasDuplicate = new Set(list.map((extension) => extension.oid)).size < list.length
  const valueOf = (oid: string): Uint8Array | undefined => list.find((one) => one.oid === oid)?.value
  try {
    const basicConstraints = readBasicConstraints(valueOf(OID_BASIC_CONSTRAINTS))
    const keyUsage = readKeyUsage(valueOf(OID_KEY_USAGE))
    return { critical, hasDuplicate, basicConstraints, keyUsage, fault: null }
  } catch (error) {
    return { ...NOTHING, critical, hasDuplicate, fault: messageOf(error) }
  }
}

/** Only what a DER reader says about the bytes is a fault of the certificate. */
function messageOf(error: unknown): string {
  if (error instanceof SyntaxError) return error.message
  throw error
}

/** RFC 5280 §4.1: `SEQUENCE SIZE (1..MAX) OF Extension`, explicitly tagged. */
function readList(field: DerElement): readonly Extension[] {
  const [list, ...rest] = field.children
  if (list?.tag !== DER_SEQUENCE || rest.length > 0 || list.children.length === 0) {
    throw new SyntaxError('the list of extensions is malformed')
  }
  return list.children.map(readExtension)
}

/** RFC 5280 §4.1. */
function readExtension(element: DerElement): Extension {
  if (element.tag !== DER_SEQUENCE) throw new SyntaxError('an extension is no SEQUENCE')
  const fields = takeFields(element)
  const oid = fields.take(DER_OBJECT_IDENTIFIER, 'the type of an extension')
  const critical = fields.takeOptional(DER_BOOLEAN)
  const value = fields.take(DER_OCTET_STRING, 'the value of an extension')
  fields.end()
  return { oid: toHex(derContent(oid)), critical: isTrue(critical), value: derContent(value) }
}

/** RFC 5280 §4.2.1.9: an optional BOOLEAN, then an optional INTEGER of 0 or more. */
function readBasicConstraints(value: Uint8Array | undefined): BasicConstraints | null {
  if (!value) return null
  const element = parseDer(value)
  if (element.tag !== DER_SEQUENCE) throw new SyntaxError('basicConstraints is no SEQUENCE')
  const fields = takeFields(element)
  const isCa = isTrue(fields.takeOptional(DER_BOOLEAN))
  const pathLength = fields.takeOptional(DER_INTEGER)
  fields.end()
  return { isCa, pathLength: pathLength ? toPathLength(pathLength) : null }
}

function toPathLength(element: DerElement): number {
  const content = derContent(element)
  if ((content[0] ?? 0) >= 0x80) throw new SyntaxError('the path length is negative')
  return content.reduce((total, octet) => total * 256 + octet, 0)
}

/** RFC 5280 §4.2.1.3: a BIT STRING with at least one octet; bit 0 is digitalSignature, bit 5 keyCertSign. */
function readKeyUsage(value: Uint8Array | undefined): KeyUsage | null {
  if (!value) return null
  const element = parseDer(value)
  const firstBits = derContent(element)[1]
  if (element.tag !== DER_BIT_STRING || firstBits === undefined)
    throw new SyntaxError('keyUsage is malformed')
  return { digitalSignature: (firstBits & 0x80) !== 0, keyCertSign: (firstBits & 0x04) !== 0 }
}

/** FALSE where it is absent; an explicit FALSE is taken too, since it can be read in one way only. */
function isTrue(element: DerElement | undefined): boolean {
  return element !== undefined && derContent(element)[0] === 0xff
}
