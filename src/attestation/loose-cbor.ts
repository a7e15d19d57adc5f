import { BREAK, CBOR_MAJOR } from './cbor-head.ts'

/** One CBOR item (RFC 8949 §3), well-formed or not, as far as it could be read. Offsets count from the first byte read. */
export interface LooseItem {
  /** The major type, 0 to 7, without the tags around it. */
  readonly major: number
  /** The numbers of the tags around it, outermost first. */
  readonly tags: readonly bigint[]
  readonly indefinite: boolean
  /** The low five bits of its first byte. */
  readonly information: number
  /** The number, length or count behind the first byte. */
  readonly argument: bigint
  readonly start: number
  readonly end: number
  /** What a string holds; chunks are put together. Empty for other items. */
  readonly content: Uint8Array
  /** The items of an array; keys and values of a map in turn. */
  readonly items: readonly LooseItem[]
  /** Whether reading ended inside it. */
  readonly isCut: boolean
}

/** Where reading came to an end before the item did, and why. */
interface LooseStop {
  readonly offset: number
  readonly reason: string
}

/** What could be read. */
export interface LooseReading {
  /** `null` where not even its first bytes could be read. */
  readonly item: LooseItem | null
  readonly stop: LooseStop | null
  /** How many bytes follow the item. */
  readonly rest: number
}

/** Deeper than the strict reader goes, so that what that one refuses can be seen; an item a level costs little. */
const DEPTH_LIMIT = 24

const NO_CONTENT = new Uint8Array()

/**
 * Reads the first CBOR item for people to look at: a second reading of what the strict one may have refused. Takes
 * repeated keys, longer forms, tags, floats, strings in chunks, and items that the input ends inside of. Nothing is
 * decided by what it finds. Never throws; time and memory are bounded by the input.
 */
export function readLoosely(bytes: Uint8Array): LooseReading {
  const cursor: Cursor = { bytes, stop: null }
  const item = readItem(cursor, 0, 1)
  return { item, stop: cursor.stop, rest: cursor.stop || !item ? 0 : bytes.length - item.end }
}

/** The pairs of a map in their order, those with the same key too; a key that was cut off has no pair. */
export function entriesOf({ major, items }: LooseItem): readonly (readonly [LooseItem, LooseItem])[] {
  if (major !== CBOR_MAJOR.map) return []
  return items.flatMap((key, index) => {
    const value = items[index + 1]
    return index % 2 === 0 && value ? [[key, value] as const] : []
  })
}

interface Cursor {
  readonly bytes: Uint8Array
  stop: LooseStop | null
}

interface Head extends Pick<LooseItem, 'major' | 'tags' | 'indefinite' | 'information' | 'argument'> {
  readonly contentStart: number
}

/** `null` where nothing of an item could be read; then the cursor says why. */
function readItem(cursor: Cursor, start: number, depth: number): LooseItem | null {
  if (depth > DEPTH_LIMIT) return stop(cursor, start, `items lie in one another ${DEPTH_LIMIT} deep`)
  const head = readHead(cursor, start)
  if (!head) return null
  const { contentStart, ...rest } = head
  const item = { ...rest, start, content: NO_CONTENT, items: [], isCut: false }
  if (head.major !== CBOR_MAJOR.array && head.major !== CBOR_MAJOR.map && !head.indefinite) {
    if (head.major !== CBOR_MAJOR.bytes && head.major !== CBOR_MAJOR.text) {
      return { ...item, end: contentStart }
    }
    return { ...item, ...readString(cursor, head) }
  }
  if (head.major === CBOR_MAJOR.simple) return stop(cursor, start, 'a break stands where an item should')
  const { items, end } = readItems(cursor, head, depth)
  const isString = head.major === CBOR_MAJOR.bytes || head.major === CBOR_MAJOR.text
  return {
    ...item,
    end,
    isCut: cursor.stop !== null,
    ...(isString ? { content: join(items) } : { items }),
  }
}

function readHead(cursor: Cursor, start: number): Head | null {
  const tags: bigint[] = []
  for (let at = start; ;) {
    const first = cursor.bytes[at]
    if (first === undefined) return stop(cursor, at, 'the input ends')
    const [major, information] = [first >> 5, first & 0x1f]
    if (information >= 28 && information <= 30)
      return stop(cursor, at, 'the first byte of an item is reserved')
    const width = information < 24 || information === 31 ? 0 : 1 << (information - 24)
    const contentStart = at + 1 + width
    if (contentStart > cursor.bytes.length)
      return stop(cursor, at, 'the input ends inside the head of an item')
    const argument =
      width === 0 ? BigInt(information) : readNumber(cursor.bytes.subarray(at + 1, contentStart))
    const indefinite = information === 31
    if (major !== CBOR_MAJOR.tag) return { major, tags, indefinite, information, argument, contentStart }
    tags.push(argument)
    at = contentStart
  }
}

function readNumber(bytes: Uint8Array): bigint {
  return bytes.reduce((number, octet) => number * 256n + BigInt(octet), 0n)
}

function readString(
  cursor: Cursor,
  { argument, contentStart }: Head,
): Pick<LooseItem, 'content' | 'end' | 'isCut'> {
  const { bytes } = cursor
  const left = bytes.length - contentStart
  if (argument <= left) {
    const end = contentStart + Number(argument)
    return { content: bytes.subarray(contentStart, end), end, isCut: false }
  }
  stop(cursor, bytes.length, `the input ends ${left} bytes into a string of ${argument}`)
  return { content: bytes.subarray(contentStart), end: bytes.length, isCut: true }
}

/** The items of a container or the chunks of a string; nothing is allocated by the count. */
function readItems(
  cursor: Cursor,
  { major, indefinite, argument, contentStart }: Head,
  depth: number,
): { readonly items: readonly LooseItem[]; readonly end: number } {
  const count = indefinite ? Infinity : Number(argument) * (major === CBOR_MAJOR.map ? 2 : 1)
  const items: LooseItem[] = []
  let end = contentStart
  while (items.length < count) {
    if (indefinite && cursor.bytes[end] === BREAK) return { items, end: end + 1 }
    const item = readItem(cursor, end, depth + 1)
    if (!item) break
    items.push(item)
    end = item.end
    if (cursor.stop) break
  }
  return { items, end }
}

/** There can be more chunks than a call has room for arguments. */
function join(chunks: readonly LooseItem[]): Uint8Array {
  return new Uint8Array(Buffer.concat(chunks.map(({ content }) => content)))
}

function stop(cursor: Cursor, offset: number, reason: string): null {
  cursor.stop ??= { offset, reason }
  return null
}
