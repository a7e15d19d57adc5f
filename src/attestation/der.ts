import { checkPrimitive } from './der-primitives.ts'

/** Identifier octets of the ASN.1 types that certificates and public keys are made of (X.680 §8.6, X.690 §8.1.2). */
export const DER_BOOLEAN = 0x01
export const DER_INTEGER = 0x02
export const DER_BIT_STRING = 0x03
export const DER_OCTET_STRING = 0x04
export const DER_OBJECT_IDENTIFIER = 0x06
export const DER_SEQUENCE = 0x30
export const DER_SET = 0x31

const DEPTH_LIMIT = 16

/** One element of a DER encoding, with those inside it. Offsets count from the beginning of `bytes`. */
export interface DerElement {
  readonly bytes: Uint8Array
  /** The identifier octet: class, constructed bit and tag number. */
  readonly tag: number
  readonly start: number
  readonly contentStart: number
  readonly end: number
  /** The elements inside a constructed one, in their order. */
  readonly children: readonly DerElement[]
}

/**
 * Reads exactly one DER element with everything inside it. Lengths must be definite and minimal, contents must fill
 * their element exactly, and values of universal types must have the one form that DER leaves them (X.690 §10 and
 * §11). Strings are never constructed, tag numbers over 30 are not read. Throws `SyntaxError`.
 */
export function parseDer(bytes: Uint8Array): DerElement {
  const element = readElement({ bytes, position: 0, depth: 1 }, bytes.length)
  if (element.end !== bytes.length) throw new SyntaxError('bytes follow the DER element')
  return element
}

/** The content octets of an element. */
export function derContent(element: DerElement): Uint8Array {
  return element.bytes.subarray(element.contentStart, element.end)
}

/** The whole encoding of an element. */
export function derEncoding(element: DerElement): Uint8Array {
  return element.bytes.subarray(element.start, element.end)
}

/** Where a walk over an encoding has come to. One for the whole walk, so that an element costs no more than itself. */
interface DerWalk {
  readonly bytes: Uint8Array
  position: number
  depth: number
}

/** What a primitive element has inside. */
const NO_CHILDREN: readonly DerElement[] = []

/** Reads the element at the walk's position, which has to end at `limit` or before. */
function readElement(walk: DerWalk, limit: number): DerElement {
  const { bytes, position: start, depth } = walk
  if (depth > DEPTH_LIMIT) throw new SyntaxError('DER is nested too deeply')
  const tag = takeOctet(walk, limit)
  checkIdentifier(tag)
  const length = takeLength(walk, limit)
  const contentStart = walk.position
  const end = contentStart + length
  if (end > limit) throw new SyntaxError('a DER element ends outside its surroundings')
  const isConstructed = (tag & 0x20) !== 0
  const children = isConstructed ? readChildren(walk, end) : NO_CHILDREN
  const element = { bytes, tag, start, contentStart, end, children }
  if (!isConstructed) checkPrimitive(element)
  if (tag === DER_SET && children.length > 1) checkSetOrder(children)
  walk.position = end
  return element
}

function readChildren(walk: DerWalk, end: number): readonly DerElement[] {
  const children: DerElement[] = []
  walk.depth++
  while (walk.position < end) children.push(readElement(walk, end))
  walk.depth--
  return children
}

/**
 * Tag numbers that no primitive element of a universal type has: end-of-contents, EXTERNAL, EMBEDDED PDV, a reserved one,
 * and CHARACTER STRING (X.680 §8.6, table 1). As constructed ones they have no place in certificates and keys.
 */
const UNIVERSAL_UNUSED: ReadonlySet<number> = new Set([0, 8, 11, 15, 29])

/** Of the types that are read here DER constructs SEQUENCE and SET alone (X.690 §10.2); their tags are 16 and 17. */
function checkIdentifier(tag: number): void {
  const tagNumber = tag & 0x1f
  if (tagNumber === 0x1f) throw new SyntaxError('a DER tag number is over 30')
  if ((tag & 0xc0) !== 0) return
  const constructed = (tag & 0x20) !== 0
  const mustBeConstructed = tagNumber === 16 || tagNumber === 17
  if (UNIVERSAL_UNUSED.has(tagNumber) || constructed !== mustBeConstructed) {
    throw new SyntaxError('a DER tag is out of place')
  }
}

/** X.690 §10.1: the definite form, in the fewest octets. */
function takeLength(walk: DerWalk, limit: number): number {
  const first = takeOctet(walk, limit)
  if (first < 0x80) return first
  const count = first & 0x7f
  // Four octets can say more than any input holds; 0x80 is the indefinite form.
  if (count === 0 || count > 4) throw new SyntaxError('a DER length is indefinite or too long')
  let length = 0
  for (let index = 0; index < count; index++) length = length * 256 + takeOctet(walk, limit)
  if (length < 0x80 || length < 256 ** (count - 1)) throw new SyntaxError('a DER length is not minimal')
  return length
}

function takeOctet(walk: DerWalk, limit: number): number {
  const value = walk.position < limit ? walk.bytes[walk.position] : undefined
  if (value === undefined) throw new SyntaxError('a DER element is cut off')
  walk.position++
  return value
}

/** X.690 §11.6: the elements of a SET OF ascend. */
function checkSetOrder(elements: readonly DerElement[]): void {
  for (const [index, element] of elements.entries()) {
    const previous = elements[index - 1]
    if (previous && Buffer.compare(derEncoding(previous), derEncoding(element)) > 0) {
      throw new SyntaxError('a DER set is not in order')
    }
  }
}
