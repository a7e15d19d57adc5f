import { utf8 } from '../core/bytes.ts'
import { DER_TAG, der, derObjectIdentifier, derSequence } from './der-writer.ts'

/** Attribute types of X.520 (RFC 5280 appendix A.1). */
const ATTRIBUTE = {
  CN: '2.5.4.3',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
} as const

/** One attribute of a name, such as `['CN', 'lab.nitro-enclaves']`. */
export type NameAttribute = readonly [type: keyof typeof ATTRIBUTE, value: string]

/**
 * The DER of a distinguished name in the order given, one attribute to an RDN (RFC 5280 §4.1.2.4). The country is a
 * PrintableString; every other value is of the `stringTag` type, in AWS's certificates a UTF8String.
 */
export function derName(
  attributes: readonly NameAttribute[],
  stringTag: number = DER_TAG.utf8String,
): Uint8Array {
  return derSequence(
    ...attributes.map(([type, value]) =>
      der(
        DER_TAG.set,
        derSequence(
          derObjectIdentifier(ATTRIBUTE[type]),
          der(type === 'C' ? DER_TAG.printableString : stringTag, utf8(value)),
        ),
      ),
    ),
  )
}

/** Country first and common name last, as the root and the regional certificates write their names. */
export function authorityName(commonName: string): readonly NameAttribute[] {
  return [
    ['C', 'US'],
    ['O', 'Amazon'],
    ['OU', 'AWS'],
    ['CN', commonName],
  ]
}

/** The zonal certificates turn the order round and shorten the state. */
export function zonalName(commonName: string): readonly NameAttribute[] {
  return [
    ['CN', commonName],
    ['OU', 'AWS'],
    ['O', 'Amazon'],
    ['C', 'US'],
    ['ST', 'WA'],
    ['L', 'Seattle'],
  ]
}

/** Instance and leaf certificates name state and city in full, behind the country. */
export function instanceName(commonName: string): readonly NameAttribute[] {
  return [
    ['C', 'US'],
    ['ST', 'Washington'],
    ['L', 'Seattle'],
    ['O', 'Amazon'],
    ['OU', 'AWS'],
    ['CN', commonName],
  ]
}
