import type { KeyObject } from 'node:crypto'
import { generateKeyPairSync, sign } from 'node:crypto'
import {
  bitString,
  boolean,
  derTime,
  hex,
  integer,
  octetString,
  oid,
  printableString,
  seq,
  set,
  tlv,
  utf8String,
} from './der-bytes.ts'

export interface KeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** An extension in DER. */
export interface ExtensionSpec {
  readonly oid: string
  readonly critical?: boolean
  readonly value: Uint8Array
}

/** Everything a certificate is made of; each part can be replaced by odd bytes. */
export interface CertificateSpec {
  /** DER of the version field; empty for v1. */
  readonly version: Uint8Array
  readonly serial: Uint8Array
  readonly algorithm: Uint8Array
  /** The algorithm outside the signed part, where it differs. */
  readonly outerAlgorithm?: Uint8Array
  readonly issuer: Uint8Array
  readonly subject: Uint8Array
  readonly notBefore: Date | Uint8Array
  readonly notAfter: Date | Uint8Array
  readonly spki: Uint8Array
  readonly extensions: readonly ExtensionSpec[]
  /** DER of the whole extensions field instead of what `extensions` gives; empty for none. */
  readonly extensionsField?: Uint8Array
  readonly issuerKey: KeyObject
  readonly digest: string
  readonly dsaEncoding: 'der' | 'ieee-p1363'
  /** Replaces the signature's bytes. */
  readonly alterSignature?: (signature: Uint8Array) => Uint8Array
  /** Replaces the signed part before it is signed. */
  readonly alterTbs?: (tbs: Uint8Array) => Uint8Array
}

export const ECDSA_SHA384 = seq(oid('1.2.840.10045.4.3.3'))
export const ECDSA_SHA256 = seq(oid('1.2.840.10045.4.3.2'))
export const VERSION_3 = tlv(0xa0, integer(2))

export function makeKeyPair(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'P-384' })
}

export function spkiOf(key: KeyObject): Uint8Array {
  return new Uint8Array(key.export({ format: 'der', type: 'spki' }))
}

/** C=US, O=Amazon, OU=AWS and a common name. */
export function makeName(commonName: string, string = utf8String): Uint8Array {
  return seq(
    set(seq(oid('2.5.4.6'), printableString('US'))),
    set(seq(oid('2.5.4.10'), string('Amazon'))),
    set(seq(oid('2.5.4.11'), string('AWS'))),
    set(seq(oid('2.5.4.3'), string(commonName))),
  )
}

export function basicConstraints(isCa: boolean, pathLength?: number): ExtensionSpec {
  const content = [
    ...(isCa ? [boolean(true)] : []),
    ...(pathLength === undefined ? [] : [integer(pathLength)]),
  ]
  return { oid: '2.5.29.19', critical: true, value: seq(...content) }
}

export const KEY_USAGE_CA: ExtensionSpec = { oid: '2.5.29.15', critical: true, value: hex('03 02 01 86') }
export const KEY_USAGE_LEAF: ExtensionSpec = { oid: '2.5.29.15', value: hex('03 02 06 c0') }

function toExtension(spec: ExtensionSpec): Uint8Array {
  return seq(oid(spec.oid), ...(spec.critical ? [boolean(true)] : []), octetString(spec.value))
}

function toTime(value: Date | Uint8Array): Uint8Array {
  return value instanceof Date ? derTime(value) : value
}

/** The DER of a certificate. */
export function makeCertificate(spec: CertificateSpec): Uint8Array {
  const extensions =
    spec.extensions.length === 0 ? new Uint8Array() : tlv(0xa3, seq(...spec.extensions.map(toExtension)))
  const plain = seq(
    spec.version,
    spec.serial,
    spec.algorithm,
    spec.issuer,
    seq(toTime(spec.notBefore), toTime(spec.notAfter)),
    spec.subject,
    spec.spki,
    spec.extensionsField ?? extensions,
  )
  const tbs = spec.alterTbs?.(plain) ?? plain
  const signature = new Uint8Array(
    sign(spec.digest, tbs, { key: spec.issuerKey, dsaEncoding: spec.dsaEncoding }),
  )
  return seq(
    tbs,
    spec.outerAlgorithm ?? spec.algorithm,
    bitString(spec.alterSignature?.(signature) ?? signature),
  )
}
