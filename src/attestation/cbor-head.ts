import { malformed, truncated } from './cbor-errors.ts'
import { AttestationError } from './errors.ts'

/** Major types (RFC 8949 §3.1). */
export const CBOR_MAJOR = {
  unsigned: 0,
  negative: 1,
  bytes: 2,
  text: 3,
  array: 4,
  map: 5,
  tag: 6,
  simple: 7,
} as const

/** The byte that ends a container of indefinite length (RFC 8949 §3.2.1). */
export const BREAK = 0xff

/** The first bytes of an item: its type and one number. */
export interface CborHead {
  readonly major: number
  readonly indefinite: boolean
  /**
   * The number, length or count. Above 2^53 it is rounded: lengths of that size are refused, and the value of a number is
   * not taken from here.
   */
  readonly argument: number
  /** Where the head ends. */
  readonly contentStart: number
}

/**
 * Reads the head of the item at `start` (RFC 8949 §3). A length or count has to fit into the bytes that are left, a
 * pair of a map counting twice. Throws `AttestationError` with `CBOR_TRUNCATED`, `CBOR_MALFORMED` or
 * `CBOR_NOT_SHORTEST`.
 */
export function readHead(bytes: Uint8Array, start: number): CborHead {
  const first = bytes[start]
  if (first === undefined) throw truncated()
  const major = first >> 5
  const information = first & 0x1f
  if (information === 31) return readIndefiniteHead(major, start)
  if (information > 27) throw malformed('a CBOR head is reserved')
  const width = information < 24 ? 0 : 1 << (information - 24)
  const contentStart = start + 1 + width
  if (contentStart > bytes.length) throw truncated()
  const argument = width === 0 ? information : readNumber(bytes, start + 1, width)
  if (leastBytes(major, argument) > bytes.length - contentStart) throw truncated()
  // Behind simple values and floats there is no number that could have a shorter form.
  if (major !== CBOR_MAJOR.simple && argument < leastArgument(width)) {
    throw new AttestationError('CBOR_NOT_SHORTEST', 'a CBOR number is not in its shortest form')
  }
  return { major, indefinite: false, argument, contentStart }
}

/** RFC 8949 §3.2: strings, arrays and maps have an indefinite form; with major type 7 it is the break. */
function readIndefiniteHead(major: number, start: number): CborHead {
  if (major === CBOR_MAJOR.unsigned || major === CBOR_MAJOR.negative || major === CBOR_MAJOR.tag) {
    throw malformed('a CBOR number is indefinite')
  }
  return { major, indefinite: true, argument: 0, contentStart: start + 1 }
}

/** How many bytes the content of an item takes at least. */
function leastBytes(major: number, argument: number): number {
  if (major < CBOR_MAJOR.bytes || major > CBOR_MAJOR.map) return 0
  return major === CBOR_MAJOR.map ? argument * 2 : argument
}

/** The least number that needs so many bytes behind the first one (RFC 8949 §4.1). */
function leastArgument(width: number): number {
  if (width === 0) return 0
  return width === 1 ? 24 : 256 ** (width / 2)
}

function readNumber(bytes: Uint8Array, at: number, width: number): number {
  let number = 0
  for (let index = at; index < at + width; index++) number = number * 256 + (bytes[index] ?? 0)
  return number
}
