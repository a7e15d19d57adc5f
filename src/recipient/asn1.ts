import { concatBytes } from '../core/bytes.ts'

/** Identifier octets that the envelope needs; X.690 §8.1.2. */
export const TAG = {
  integer: 0x02,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  sequence: 0x30,
  set: 0x31,
  /** Context-specific, primitive: an IMPLICIT tag over a primitive type. */
  context0Primitive: 0x80,
  context0: 0xa0,
  context1: 0xa1,
} as const

type Tag = (typeof TAG)[keyof typeof TAG]

const END_OF_CONTENTS = Uint8Array.of(0, 0)

/** An element of definite length, as DER wants it: the shortest form of the length (X.690 §10.1). */
export function definite(tag: Tag, ...contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((total, part) => total + part.length, 0)
  return concatBytes(Uint8Array.of(tag, ...lengthOctets(length)), ...contents)
}

/** A constructed element of indefinite length, closed by end-of-contents octets (X.690 §8.1.3.6). */
export function indefinite(tag: Tag, ...contents: readonly Uint8Array[]): Uint8Array {
  return concatBytes(Uint8Array.of(tag, 0x80), ...contents, END_OF_CONTENTS)
}

/** An INTEGER from 0 to 127. */
export function smallInteger(value: number): Uint8Array {
  return definite(TAG.integer, Uint8Array.of(value))
}

/** An OBJECT IDENTIFIER from its dotted form, such as `1.2.840.113549.1.7.3` (X.690 §8.19). */
export function objectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return definite(TAG.objectIdentifier, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)))
}

/** Seven bits a byte, the most significant first, the eighth bit set in all but the last (X.690 §8.19.2). */
function base128(arc: number): readonly number[] {
  const octets = [arc & 0x7f]
  for (let left = arc >>> 7; left > 0; left >>>= 7) octets.unshift((left & 0x7f) | 0x80)
  return octets
}

function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let left = length; left > 0; left >>>= 8) octets.unshift(left & 0xff)
  return [0x80 | octets.length, ...octets]
}
