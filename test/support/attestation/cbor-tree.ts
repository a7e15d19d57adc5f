import fc from 'fast-check'
import { array, bytes, concat, longHead, map, openArray, openMap, text, uint } from './cbor-bytes.ts'

/** A CBOR item as a tree, so that it can be changed before it is written. */
export type CborNode =
  | { readonly type: 'unsigned' | 'negative'; readonly argument: bigint }
  | { readonly type: 'bytes'; readonly content: Uint8Array }
  | { readonly type: 'text'; readonly content: string }
  | { readonly type: 'simple'; readonly value: null | boolean }
  | { readonly type: 'array'; readonly open: boolean; readonly items: readonly CborNode[] }
  | { readonly type: 'map'; readonly open: boolean; readonly entries: readonly CborEntryNode[] }
  /** Bytes that stand in the place of an item, whatever they are. */
  | { readonly type: 'raw'; readonly content: Uint8Array }

export type CborEntryNode = readonly [key: CborNode, value: CborNode]

/** Writes a tree; counts and lengths are those of what is inside. */
export function encodeTree(node: CborNode): Uint8Array {
  switch (node.type) {
    case 'unsigned':
      return uint(node.argument)
    case 'negative':
      return asNegative(uint(node.argument))
    case 'bytes':
      return bytes(node.content)
    case 'text':
      return text(node.content)
    case 'simple':
      return Uint8Array.of(node.value === null ? 0xf6 : node.value ? 0xf5 : 0xf4)
    case 'array': {
      const items = node.items.map(encodeTree)
      return node.open ? openArray(...items) : array(...items)
    }
    case 'map': {
      const entries = node.entries.map(([key, value]) => [encodeTree(key), encodeTree(value)] as const)
      return node.open ? openMap(entries) : map(entries)
    }
    default:
      return node.content
  }
}

/** RFC 8949 §3.1: major type 1 has the encoding of an unsigned integer, but for the type. */
const asNegative = (encoded: Uint8Array): Uint8Array => encoded.with(0, (encoded[0] ?? 0) | 0x20)

/** What a tree means, in the form in which `normalize` puts what a reader answers. */
export function meaningOf(node: CborNode): unknown {
  switch (node.type) {
    case 'unsigned':
      return node.argument
    case 'negative':
      return -1n - node.argument
    case 'bytes':
      return ['bytes', ...node.content]
    case 'text':
      return node.content
    case 'simple':
      return node.value
    case 'array':
      return node.items.map(meaningOf)
    case 'map':
      return node.entries.map((entry) => entry.map(meaningOf))
    default:
      throw new TypeError('raw bytes have no meaning')
  }
}

/** Values of any reader in one form: every number a bigint, every byte string a plain array, every map its entries. */
export function normalize(value: unknown): unknown {
  if (typeof value === 'number') return BigInt(value)
  if (value instanceof Uint8Array) return ['bytes', ...value]
  if (Array.isArray(value)) return value.map(normalize)
  if (value instanceof Map) return Array.from(value, (entry) => entry.map(normalize))
  return value
}

/** As strict as cborg can be told to be; indefinite lengths of containers are what the verifier takes beside that. */
export const STRICT_CBORG = {
  strict: true,
  allowIndefinite: true,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  rejectDuplicateMapKeys: true,
  useMaps: true,
}

/** Integers at and beside the borders of the forms that a number can have (RFC 8949 §3). */
const BORDERS = [0n, 24n, 2n ** 8n, 2n ** 16n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n]
const borderInteger = fc
  .tuple(fc.constantFrom(...BORDERS), fc.integer({ min: -2, max: 1 }))
  .map(([border, step]) => border + BigInt(step))
  .filter((argument) => argument >= 0n && argument < 2n ** 64n)

const argument = fc.oneof(borderInteger, fc.bigInt(0n, 2n ** 64n - 1n), fc.nat(40).map(BigInt))

/** Text of every kind but what begins with a byte order mark, which is refused. */
export const plainText = fc
  .string({ unit: 'binary', maxLength: 40 })
  .map((one) => one.replace(/^\u{feff}+/u, ''))

/** Byte strings, some of the lengths where the form of the head changes. */
const byteString = fc.oneof(
  fc.uint8Array({ maxLength: 30 }),
  fc.constantFrom(23, 24, 255, 256).map((length) => new Uint8Array(length)),
)

const scalar: fc.Arbitrary<CborNode> = fc.oneof(
  fc.record({ type: fc.constantFrom('unsigned' as const, 'negative' as const), argument }),
  fc.record({ type: fc.constant('bytes' as const), content: byteString }),
  fc.record({ type: fc.constant('text' as const), content: plainText }),
  fc.record({ type: fc.constant('simple' as const), value: fc.constantFrom(null, true, false) }),
)

/** Trees of at most so many levels that the verifier's reader must take. */
export function cborTree(levels: number): fc.Arbitrary<CborNode> {
  if (levels <= 1) return scalar
  const inside = cborTree(levels - 1)
  const entries = fc.uniqueArray(fc.tuple(inside, inside), {
    maxLength: 4,
    selector: ([key]) => Buffer.from(encodeTree(key)).toString('hex'),
  })
  return fc.oneof(
    scalar,
    fc.record({
      type: fc.constant('array' as const),
      open: fc.boolean(),
      items: fc.array(inside, { maxLength: 4 }),
    }),
    fc.record({ type: fc.constant('map' as const), open: fc.boolean(), entries }),
  )
}

/** All items of a tree, itself first. */
export function nodesOf(node: CborNode): readonly CborNode[] {
  if (node.type === 'array') return [node, ...node.items.flatMap(nodesOf)]
  if (node.type === 'map') return [node, ...node.entries.flat().flatMap(nodesOf)]
  return [node]
}

/** The tree with one of its items replaced, known by identity. */
export function replaceNode(node: CborNode, target: CborNode, replacement: CborNode): CborNode {
  if (node === target) return replacement
  const inside = (one: CborNode): CborNode => replaceNode(one, target, replacement)
  if (node.type === 'array') return { ...node, items: node.items.map(inside) }
  if (node.type !== 'map') return node
  return { ...node, entries: node.entries.map(([key, value]) => [inside(key), inside(value)] as const) }
}

/** The same tree with other forms of containers: what was definite is indefinite, and the other way round. */
export function turnForms(node: CborNode): CborNode {
  if (node.type === 'array') return { ...node, open: !node.open, items: node.items.map(turnForms) }
  if (node.type !== 'map') return node
  const entries = node.entries.map(([key, value]) => [turnForms(key), turnForms(value)] as const)
  return { ...node, open: !node.open, entries }
}

/** Item `inner` inside so many arrays. */
export const nest = (inner: CborNode, levels: number): CborNode =>
  levels === 0 ? inner : { type: 'array', open: levels % 2 === 0, items: [nest(inner, levels - 1)] }

export const raw = (...parts: readonly Uint8Array[]): CborNode => ({ type: 'raw', content: concat(...parts) })

/** The head of an encoded item in a longer form, `width` bytes behind the first; the content stays. */
export function withLongerHead(encoded: Uint8Array, width: number): Uint8Array | null {
  const [first = 0] = encoded
  const [major, information] = [first >> 5, first & 0x1f]
  if (major > 6 || information > 27) return null
  const own = information < 24 ? 0 : 1 << (information - 24)
  if (width <= own) return null
  const digits = Buffer.from(encoded.subarray(1, 1 + own)).toString('hex')
  const number = own === 0 ? BigInt(information) : BigInt(`0x${digits}`)
  return concat(longHead(major, number, width), encoded.subarray(1 + own))
}
