import { isUtf8 } from 'node:buffer'
import type { CborHead } from './cbor-head.ts'
import { BREAK, CBOR_MAJOR, readHead } from './cbor-head.ts'
import { malformed } from './cbor-errors.ts'
import { CBOR_DEPTH_LIMIT } from './constants.ts'
import { AttestationError } from './errors.ts'

/** The tag of COSE_Sign1 in one byte: tag 18 (RFC 9052 §2, table 1). */
const TAG_COSE_SIGN1 = 0xd2

/** One CBOR item (RFC 8949 §3), with those inside it. Offsets count from the beginning of the walked bytes. */
export interface CborItem {
  /** The major type, 0 to 7. */
  readonly major: number
  readonly indefinite: boolean
  readonly start: number
  /** Where the head ends and the content of a string begins. */
  readonly contentStart: number
  readonly end: number
  /** The items of an array; keys and values of a map in turn. */
  readonly items: readonly CborItem[]
}

/**
 * Walks over bytes that must be exactly one CBOR item, and refuses everything that two readers could take in two ways:
 * repeated keys, longer forms of numbers, strings in chunks, tags, floats. Containers of indefinite length are taken,
 * as AWS writes them since 2025. Nothing is allocated by a number from the input. `allowTag` lets one tag 18 stand at
 * the very beginning. Throws `AttestationError` with the `CBOR_…` codes.
 */
export function walkCbor(bytes: Uint8Array, { allowTag = false } = {}): CborItem {
  const start = allowTag && bytes[0] === TAG_COSE_SIGN1 ? 1 : 0
  const item = walkItem(bytes, start, 1)
  if (item.end !== bytes.length) {
    throw new AttestationError('CBOR_TRAILING_BYTES', `${bytes.length - item.end} bytes follow the CBOR item`)
  }
  return item
}

/** What an item holds that is no container; one for all, since an input can have a million of them. */
const NO_ITEMS: readonly CborItem[] = []

function walkItem(bytes: Uint8Array, start: number, depth: number): CborItem {
  const head = readHead(bytes, start)
  if (depth > CBOR_DEPTH_LIMIT) {
    throw new AttestationError(
      'CBOR_DEPTH_EXCEEDED',
      `more than ${CBOR_DEPTH_LIMIT} items lie in one another`,
    )
  }
  const { major, indefinite, contentStart } = head
  switch (major) {
    case CBOR_MAJOR.bytes:
    case CBOR_MAJOR.text:
      return { major, indefinite, start, contentStart, end: walkString(bytes, head), items: NO_ITEMS }
    case CBOR_MAJOR.array:
    case CBOR_MAJOR.map: {
      const items: CborItem[] = []
      const end = walkContainer({ bytes, head, depth }, items)
      return { major, indefinite, start, contentStart, end, items }
    }
    case CBOR_MAJOR.tag:
      throw new AttestationError('CBOR_TAG_UNEXPECTED', 'there is a tag that does not belong here')
    case CBOR_MAJOR.simple:
      checkSimpleValue(bytes, head, start)
      return { major, indefinite, start, contentStart, end: contentStart, items: NO_ITEMS }
    default:
      return { major, indefinite, start, contentStart, end: contentStart, items: NO_ITEMS }
  }
}

/** Answers where the string ends. */
function walkString(bytes: Uint8Array, { major, indefinite, argument, contentStart }: CborHead): number {
  if (indefinite) {
    throw new AttestationError('CBOR_INDEFINITE_STRING', 'a string is in chunks')
  }
  const end = contentStart + argument
  if (major === CBOR_MAJOR.text && !isPlainUtf8(bytes.subarray(contentStart, end))) {
    throw new AttestationError('CBOR_TEXT_INVALID', 'a text is not UTF-8')
  }
  return end
}

/**
 * RFC 8949 §5.3.1. A text that begins with a byte order mark is refused as well: RFC 3629 §6 says that protocols which
 * are UTF-8 anyway should forbid it, and decoders differ on whether it belongs to the text.
 */
function isPlainUtf8(text: Uint8Array): boolean {
  const hasByteOrderMark = text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf
  return !hasByteOrderMark && isUtf8(text)
}

interface Container {
  readonly bytes: Uint8Array
  readonly head: CborHead
  readonly depth: number
}

/** Adds what the container holds to `items`, and answers where it ends. */
function walkContainer({ bytes, head, depth }: Container, items: CborItem[]): number {
  const isMap = head.major === CBOR_MAJOR.map
  const count = isMap ? head.argument * 2 : head.argument
  const keys = new Set<string>()
  let at = head.contentStart
  while (head.indefinite || items.length < count) {
    const isKey = isMap && items.length % 2 === 0
    // Inside a pair a break is out of place, which the next head says.
    if (head.indefinite && bytes[at] === BREAK && (!isMap || isKey)) return at + 1
    const item = walkItem(bytes, at, depth + 1)
    if (isKey) addKey(bytes, item, keys)
    items.push(item)
    at = item.end
  }
  return at
}

/** Since numbers have their shortest form, equal keys are equal bytes (RFC 8949 §5.6, RFC 9052 §3). */
function addKey(bytes: Uint8Array, { start, end }: CborItem, keys: Set<string>): void {
  let key = ''
  for (let at = start; at < end; at++) key += String.fromCharCode(bytes[at] ?? 0)
  if (keys.has(key)) throw new AttestationError('CBOR_DUPLICATE_KEY', 'a map has a key twice')
  keys.add(key)
}

/** False, true and null have meanings here; undefined, floats and the rest have none (RFC 8949 §3.3). */
function checkSimpleValue(bytes: Uint8Array, head: CborHead, start: number): void {
  const information = (bytes[start] ?? 0) & 0x1f
  if (information >= 20 && information <= 22) return
  if (head.indefinite) throw malformed('a break is out of place')
  if (information === 24 && head.argument < 32) throw malformed('a simple value is in a longer form')
  throw new AttestationError('CBOR_TYPE_UNSUPPORTED', 'there is a float, undefined or unknown simple value')
}
