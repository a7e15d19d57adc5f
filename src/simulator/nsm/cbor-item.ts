/*
 * CBOR (RFC 8949) as requests to the simulated module are read: every well-formed item is walked to its end, so that the
 * next request can be found behind it; only what the fields of a request are made of keeps its value. Numbers count in
 * any width and maps with or without a length, because clients are written in many languages. Nothing is allocated by a
 * length or count that the bytes declare.
 */

/** An item of a request. `other` is all that no field holds: negative numbers, arrays, tags, floats, text that is not UTF-8. */
export type CborItem =
  | { readonly kind: 'unsigned'; readonly value: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'text'; readonly text: string; readonly bytes: Uint8Array }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [key: CborItem, value: CborItem])[] }
  | { readonly kind: 'null' }
  | { readonly kind: 'other' }

/** The first item of some bytes, with its length; or that it goes on behind them, or that it is no CBOR at all. */
export type FirstItem =
  | { readonly outcome: 'item'; readonly item: CborItem; readonly length: number }
  | { readonly outcome: 'incomplete' }
  | { readonly outcome: 'malformed' }

type NoItem = 'incomplete' | 'malformed'

/** Where reading has come to. */
interface Cursor {
  readonly bytes: Uint8Array
  at: number
}

/** How deep items may lie in one another; the deepest request has three levels. */
const DEPTH_LIMIT = 16
const BREAK = 0xff
const INDEFINITE = 31
const NULL = 22

/** The major types that have a form without a length: strings, arrays, maps; and 7, where it is the break. */
const WITHOUT_LENGTH = new Set([2, 3, 4, 5, 7])

/** Reads the first item of some bytes. Items over 16 levels deep count as malformed. */
export function readFirstItem(bytes: Uint8Array): FirstItem {
  const cursor = { bytes, at: 0 }
  const item = readItem(cursor, 1)
  if (typeof item === 'string') return { outcome: item }
  return { outcome: 'item', item, length: cursor.at }
}

interface Head {
  readonly major: number
  readonly info: number
  /** The argument of the head; 0 for an indefinite length. Above 2^53 it is no longer exact, and too large anyway. */
  readonly argument: number
}

/** RFC 8949 §3: three bits of major type, five of additional information, and the argument that these announce. */
function readHead(cursor: Cursor): Head | NoItem {
  const initial = cursor.bytes[cursor.at]
  if (initial === undefined) return 'incomplete'
  const [major, info] = [initial >> 5, initial & 0x1f]
  cursor.at++
  if (info < 24) return { major, info, argument: info }
  if (info === INDEFINITE) return WITHOUT_LENGTH.has(major) ? { major, info, argument: 0 } : 'malformed'
  if (info > 27) return 'malformed'
  const follows = 1 << (info - 24)
  const tail = cursor.bytes.subarray(cursor.at, cursor.at + follows)
  if (tail.length < follows) return 'incomplete'
  cursor.at += follows
  return { major, info, argument: tail.reduce((value, byte) => value * 256 + byte, 0) }
}

function readItem(cursor: Cursor, depth: number): CborItem | NoItem {
  if (depth > DEPTH_LIMIT) return 'malformed'
  const head = readHead(cursor)
  if (typeof head === 'string') return head
  switch (head.major) {
    case 2:
    case 3:
      return head.info === INDEFINITE ? readChunks(cursor, head.major) : readString(cursor, head)
    case 4:
      return readArray(cursor, head, depth)
    case 5:
      return readMap(cursor, head, depth)
    case 6:
      return readTagged(cursor, depth)
    case 7:
      return toSimple(head)
    default:
      return head.major === 0 ? { kind: 'unsigned', value: head.argument } : { kind: 'other' }
  }
}

function readString(cursor: Cursor, { major, argument }: Head): CborItem | NoItem {
  const bytes = cursor.bytes.subarray(cursor.at, cursor.at + argument)
  if (bytes.length < argument) return 'incomplete'
  cursor.at += argument
  if (major === 2) return { kind: 'bytes', bytes }
  const text = decodeText(bytes)
  return text === undefined ? { kind: 'other' } : { kind: 'text', text, bytes }
}

/** A string in chunks (RFC 8949 §3.2.3): each of them a string of the same type and of definite length. */
function readChunks(cursor: Cursor, major: number): CborItem | NoItem {
  while (!atBreak(cursor)) {
    const head = readHead(cursor)
    if (typeof head === 'string') return head
    if (head.major !== major || head.info === INDEFINITE) return 'malformed'
    const chunk = readString(cursor, head)
    if (typeof chunk === 'string') return chunk
  }
  return { kind: 'other' }
}

function readArray(cursor: Cursor, head: Head, depth: number): CborItem | NoItem {
  for (let count = 0; hasMore(cursor, head, count); count++) {
    const item = readItem(cursor, depth + 1)
    if (typeof item === 'string') return item
  }
  return { kind: 'other' }
}

function readMap(cursor: Cursor, head: Head, depth: number): CborItem | NoItem {
  const entries: (readonly [CborItem, CborItem])[] = []
  while (hasMore(cursor, head, entries.length)) {
    const key = readItem(cursor, depth + 1)
    if (typeof key === 'string') return key
    const value = readItem(cursor, depth + 1)
    if (typeof value === 'string') return value
    entries.push([key, value])
  }
  return { kind: 'map', entries }
}

function readTagged(cursor: Cursor, depth: number): CborItem | NoItem {
  const inner = readItem(cursor, depth + 1)
  return typeof inner === 'string' ? inner : { kind: 'other' }
}

/** RFC 8949 §3.3: simple values and floats. A break has no place here, nor has a short value in its long form. */
function toSimple({ info, argument }: Head): CborItem | NoItem {
  if (info === INDEFINITE || (info === 24 && argument < 32)) return 'malformed'
  return { kind: info === NULL ? 'null' : 'other' }
}

function hasMore(cursor: Cursor, head: Head, count: number): boolean {
  return head.info === INDEFINITE ? !atBreak(cursor) : count < head.argument
}

/** Whether the next byte is a break, which is then behind the cursor. */
function atBreak(cursor: Cursor): boolean {
  if (cursor.bytes[cursor.at] !== BREAK) return false
  cursor.at++
  return true
}

function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
