/** Writes CBOR by hand, good and bad. Shares nothing with the reader it is used to test. */
function head(major: number, argument: number | bigint): Uint8Array {
  const value = BigInt(argument)
  const width = value < 24n ? 0 : value < 0x100n ? 1 : value < 0x1_0000n ? 2 : value < 0x1_0000_0000n ? 4 : 8
  return longHead(major, argument, width)
}

/** A head with its number in a given width of 0, 1, 2, 4 or 8 bytes. */
export function longHead(major: number, argument: number | bigint, width: number): Uint8Array {
  if (width === 0) return Uint8Array.of((major << 5) | Number(argument))
  const digits = BigInt(argument)
    .toString(16)
    .padStart(width * 2, '0')
  return Uint8Array.from([(major << 5) | (24 + Math.log2(width)), ...Buffer.from(digits, 'hex')])
}

const join = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts))

export const uint = (value: number | bigint): Uint8Array => head(0, value)
export const bytes = (content: Uint8Array): Uint8Array => join(head(2, content.length), content)
export const text = (content: string): Uint8Array =>
  join(head(3, Buffer.byteLength(content)), Buffer.from(content))
export const array = (...items: readonly Uint8Array[]): Uint8Array => join(head(4, items.length), ...items)
export const NULL = Uint8Array.of(0xf6)

export type Entry = readonly [key: Uint8Array, value: Uint8Array]

export const map = (entries: readonly Entry[]): Uint8Array => join(head(5, entries.length), ...entries.flat())
export const openMap = (entries: readonly Entry[]): Uint8Array =>
  join(Uint8Array.of(0xbf), ...entries.flat(), Uint8Array.of(0xff))
export const openArray = (...items: readonly Uint8Array[]): Uint8Array =>
  join(Uint8Array.of(0x9f), ...items, Uint8Array.of(0xff))
export const concat = join
