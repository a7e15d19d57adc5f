import { utf8 } from '../core/bytes.ts'
import {
  DER_TAG,
  DER_TRUE,
  der,
  derBitString,
  derExplicit,
  derImplicit,
  derObjectIdentifier,
  derSequence,
  derUnsigned,
} from './der-writer.ts'
import type { SigningKey } from './signing-key.ts'
import { keyIdentifier } from './signing-key.ts'

/** Object identifiers of the extensions used (RFC 5280 §4.2.1). */
export const EXTENSION_ID = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
} as const

/** Bits of keyUsage (RFC 5280 §4.2.1.3), numbered from the most significant. */
const KEY_USAGE_BIT = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyEncipherment: 2,
  keyCertSign: 5,
  cRLSign: 6,
}

/** A purpose that keyUsage can name. */
export type KeyUsage = keyof typeof KEY_USAGE_BIT

/** An extension of a certificate; `value` is the DER inside its OCTET STRING. */
export interface Extension {
  readonly id: string
  readonly critical: boolean
  readonly value: Uint8Array
}

/** The DER of one `Extension` (RFC 5280 §4.1); false is the default of `critical` and so not written. */
export function derExtension({ id, critical, value }: Extension): Uint8Array {
  const flag = critical ? [DER_TRUE] : []
  return derSequence(derObjectIdentifier(id), ...flag, der(DER_TAG.octetString, value))
}

/** Critical basicConstraints of a certificate authority, with or without a path length. */
export function authorityConstraints(pathLength?: number): Extension {
  const limit = pathLength === undefined ? [] : [derUnsigned(Uint8Array.of(pathLength))]
  return { id: EXTENSION_ID.basicConstraints, critical: true, value: derSequence(DER_TRUE, ...limit) }
}

/** Critical basicConstraints without content: an end entity. */
export const END_ENTITY_CONSTRAINTS: Extension = {
  id: EXTENSION_ID.basicConstraints,
  critical: true,
  value: derSequence(),
}

/** keyUsage with the bits named, in the fewest octets. */
export function keyUsage(critical: boolean, ...usages: readonly KeyUsage[]): Extension {
  const bits = usages.reduce((octet, usage) => octet | (0x80 >> KEY_USAGE_BIT[usage]), 0)
  const unused = bits === 0 ? 0 : 31 - Math.clz32(bits & -bits)
  return { id: EXTENSION_ID.keyUsage, critical, value: derBitString(Uint8Array.of(bits), unused) }
}

/** subjectKeyIdentifier of a key. */
export function subjectKeyIdentifier(key: SigningKey): Extension {
  return {
    id: EXTENSION_ID.subjectKeyIdentifier,
    critical: false,
    value: der(DER_TAG.octetString, keyIdentifier(key)),
  }
}

/** authorityKeyIdentifier with nothing but the issuer's key identifier. */
export function authorityKeyIdentifier(issuerKey: SigningKey): Extension {
  return {
    id: EXTENSION_ID.authorityKeyIdentifier,
    critical: false,
    value: derSequence(derImplicit(0, keyIdentifier(issuerKey))),
  }
}

/** cRLDistributionPoints with one address (RFC 5280 §4.2.1.13). */
export function crlDistributionPoint(address: string): Extension {
  const fullName = derExplicit(0, derImplicit(6, utf8(address)))
  return {
    id: EXTENSION_ID.crlDistributionPoints,
    critical: false,
    value: derSequence(derSequence(derExplicit(0, fullName))),
  }
}
