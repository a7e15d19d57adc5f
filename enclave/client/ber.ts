import { concatBytes } from '../../src/core/bytes.ts'
import { BER_DEPTH_LIMIT, BER_ELEMENT_LIMIT } from './constants.ts'
import { EnclaveError } from './errors.ts'

const END_OF_CONTENTS = 0x00
const OCTET_STRING = 0x04
const CONSTRUCTED_OCTET_STRING = 0x24
const CONSTRUCTED = 0x20
const HIGH_TAG_NUMBER = 0x1f
const INDEFINITE = 0x80
const LENGTH_OCTETS_LIMIT = 3

/** One element of BER (X.690 §8.1): a primitive one has content, a constructed one has children. */
export interface BerElement {
  /** The identifier octet: class, primitive or constructed, tag number up to 30. */
  readonly tag: number
  /** Whether its end is marked by end-of-contents octets instead of a length. */
  readonly indefinite: boolean
  readonly content: Uint8Array
  readonly children: readonly BerElement[]
}

/** How far the bytes are read. */
interface Cursor {
  readonly bytes: Uint8Array
  at: number
  elements: number
}

/**
 * Reads bytes that are exactly one BER element, with lengths of definite and indefinite form, 16 levels and 1024
 * elements at most. Tag numbers above 30 and lengths of more than three octets do not occur in an envelope and are
 * refused, as are bytes behind the end. Throws `EnclaveError` `ENVELOPE_ENCODING_INVALID`.
 */
export function parseBer(bytes: Uint8Array): BerElement {
  const cursor = { bytes, at: 0, elements: 0 }
  const element = readElement(cursor, bytes.length, 1)
  if (cursor.at !== bytes.length) refuse('bytes follow the end')
  return element
}

/**
 * Writes an element with definite, shortest lengths, and a constructed OCTET STRING as a primitive one (X.690 §10.1,
 * §10.2). What lies inside primitive elements stays as it is.
 */
export function toDer({ tag, content, children }: BerElement): Uint8Array {
  if (tag === CONSTRUCTED_OCTET_STRING) {
    const primitive = { tag: OCTET_STRING, indefinite: false, content: joinOctets(children), children: [] }
    return toDer(primitive)
  }
  const body = (tag & CONSTRUCTED) === 0 ? content : concatBytes(...children.map(toDer))
  return concatBytes(Uint8Array.of(tag, ...derLength(body.length)), body)
}

function readElement(cursor: Cursor, end: number, depth: number): BerElement {
  if (depth > BER_DEPTH_LIMIT) refuse('elements are nested too deeply')
  if (++cursor.elements > BER_ELEMENT_LIMIT) refuse('there are too many elements')
  const tag = readOctet(cursor, end)
  if ((tag & HIGH_TAG_NUMBER) === HIGH_TAG_NUMBER) refuse('a tag number is too high')
  if (tag === END_OF_CONTENTS) refuse('end-of-contents octets stand where none may')
  const constructed = (tag & CONSTRUCTED) !== 0
  const length = readLength(cursor, end)
  if (length === undefined) {
    if (!constructed) refuse('a primitive element has no length')
    return { tag, indefinite: true, content: new Uint8Array(0), children: readUntilEnd(cursor, end, depth) }
  }
  if (length > end - cursor.at) refuse('an element is longer than what is left')
  const contentEnd = cursor.at + length
  if (constructed) {
    const children = readUpTo(cursor, contentEnd, depth)
    return { tag, indefinite: false, content: new Uint8Array(0), children }
  }
  const content = cursor.bytes.subarray(cursor.at, contentEnd)
  cursor.at = contentEnd
  return { tag, indefinite: false, content, children: [] }
}

function readUpTo(cursor: Cursor, end: number, depth: number): readonly BerElement[] {
  const children: BerElement[] = []
  while (cursor.at < end) children.push(readElement(cursor, end, depth + 1))
  return children
}

function readUntilEnd(cursor: Cursor, end: number, depth: number): readonly BerElement[] {
  const children: BerElement[] = []
  while (cursor.bytes[cursor.at] !== END_OF_CONTENTS || cursor.at >= end) {
    children.push(readElement(cursor, end, depth + 1))
  }
  cursor.at++
  if (readOctet(cursor, end) !== 0) refuse('end-of-contents octets have a length')
  return children
}

/** The length in bytes; `undefined` for the indefinite form (X.690 §8.1.3). */
function readLength(cursor: Cursor, end: number): number | undefined {
  const first = readOctet(cursor, end)
  if (first < INDEFINITE) return first
  if (first === INDEFINITE) return undefined
  const octets = first & 0x7f
  if (octets > LENGTH_OCTETS_LIMIT) refuse('a length has too many octets')
  let length = 0
  for (let count = 0; count < octets; count++) length = length * 0x100 + readOctet(cursor, end)
  return length
}

function readOctet(cursor: Cursor, end: number): number {
  const octet = cursor.at < end ? cursor.bytes[cursor.at] : undefined
  cursor.at++
  return octet ?? refuse('it ends in the middle of an element')
}

/** The octets of a constructed OCTET STRING, whose parts are OCTET STRINGs of either form (X.690 §8.7.3). */
function joinOctets(parts: readonly BerElement[]): Uint8Array {
  return concatBytes(
    ...parts.map(({ tag, content, children }) => {
      if (tag === CONSTRUCTED_OCTET_STRING) return joinOctets(children)
      return tag === OCTET_STRING ? content : refuse('an OCTET STRING has a part of another type')
    }),
  )
}

function derLength(length: number): readonly number[] {
  if (length < INDEFINITE) return [length]
  return length < 0x100 ? [0x81, length] : [0x82, length >>> 8, length & 0xff]
}

function refuse(reason: string): never {
  throw new EnclaveError('ENVELOPE_ENCODING_INVALID', `The envelope is not well-formed BER: ${reason}`)
}
