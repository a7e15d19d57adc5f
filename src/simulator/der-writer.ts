import { concatBytes, utf8 } from '../core/bytes.ts'

/*
 * DER (ITU-T X.690 §10) as the issuer writes it. Certificates are put together from these few shapes and not from
 * ready-made classes: string types, order of attributes and extensions, and criticality are what is reproduced, and a
 * faulty certificate differs from a good one in a byte that no class would write.
 */

/** Tags used here (X.690 §8.1.2, X.680 §8.4). */
export const DER_TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** One element: tag, length in its shortest form, content. */
export function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(...content)
  return concatBytes(Uint8Array.of(tag), derLength(body.length), body)
}

/** A SEQUENCE of encoded elements. */
export function derSequence(...elements: readonly Uint8Array[]): Uint8Array {
  return der(DER_TAG.sequence, ...elements)
}

/** An explicit context tag, constructed. */
export function derExplicit(number: number, element: Uint8Array): Uint8Array {
  return der(0xa0 | number, element)
}

/** An implicit context tag over primitive content. */
export function derImplicit(number: number, content: Uint8Array): Uint8Array {
  return der(0x80 | number, content)
}

/** A non-negative INTEGER from its big-endian bytes, in the fewest octets (X.690 §8.3.2). */
export function derUnsigned(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0)
  const magnitude = first === -1 ? Uint8Array.of(0) : bytes.subarray(first)
  const sign = (magnitude[0] ?? 0) & 0x80 ? Uint8Array.of(0) : new Uint8Array()
  return der(DER_TAG.integer, sign, magnitude)
}

/** A BIT STRING; `unusedBits` counts the bits at its end that mean nothing. */
export function derBitString(bytes: Uint8Array, unusedBits = 0): Uint8Array {
  return der(DER_TAG.bitString, Uint8Array.of(unusedBits), bytes)
}

/** An OBJECT IDENTIFIER from its dotted form; every arc is below 2^31. */
export function derObjectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return der(DER_TAG.objectIdentifier, ...[first * 40 + second, ...rest].map(base128))
}

/** The BOOLEAN true. */
export const DER_TRUE = der(DER_TAG.boolean, Uint8Array.of(0xff))

/** A time in whole seconds: UTCTime up to 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5). */
export function derTime(time: Date): Uint8Array {
  const digits = time.toISOString().replaceAll(/[-:T]|\.\d+/g, '')
  return time.getUTCFullYear() < 2050
    ? der(DER_TAG.utcTime, utf8(digits.slice(2)))
    : der(DER_TAG.generalizedTime, utf8(digits))
}

function derLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length)
  const size = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3
  const bytes = Array.from({ length: size }, (_, at) => (length >> (8 * (size - 1 - at))) & 0xff)
  return Uint8Array.of(0x80 | size, ...bytes)
}

function base128(arc: number): Uint8Array {
  const septets = [arc & 0x7f]
  for (let rest = arc >>> 7; rest > 0; rest >>>= 7) septets.unshift((rest & 0x7f) | 0x80)
  return Uint8Array.from(septets)
}
