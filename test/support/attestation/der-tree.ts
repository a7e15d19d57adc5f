import fc from 'fast-check'
import { tlv } from './der-bytes.ts'

/** A DER element as a tree, so that it can be changed before it is written. */
export type DerNode =
  | { readonly tag: number; readonly content: Uint8Array }
  | { readonly tag: number; readonly children: readonly DerNode[] }
  /** Bytes that stand in the place of an element, whatever they are. */
  | { readonly raw: Uint8Array }

/** Writes a tree; lengths are those of what is inside. */
export function encodeDerTree(node: DerNode): Uint8Array {
  if ('raw' in node) return node.raw
  return 'content' in node ? tlv(node.tag, node.content) : tlv(node.tag, ...node.children.map(encodeDerTree))
}

/** Reads well-formed DER with low tag numbers into a tree; written for bytes of the tests, and apart from the reader under test. */
export function toDerTree(bytes: Uint8Array): DerNode {
  return readNodes(bytes)[0] ?? { raw: bytes }
}

function readNodes(bytes: Uint8Array): readonly DerNode[] {
  const nodes: DerNode[] = []
  for (let at = 0; at < bytes.length;) {
    const [tag = 0, first = 0] = bytes.subarray(at)
    const octets = first < 0x80 ? 0 : first & 0x7f
    const digits = Buffer.from(bytes.subarray(at + 2, at + 2 + octets)).toString('hex')
    const start = at + 2 + octets
    const end = start + (octets === 0 ? first : Number.parseInt(digits, 16))
    const content = bytes.subarray(start, end)
    nodes.push((tag & 0x20) === 0 ? { tag, content } : { tag, children: readNodes(content) })
    at = end
  }
  return nodes
}

/** All elements of a tree, itself first. */
export function derNodesOf(node: DerNode): readonly DerNode[] {
  return 'children' in node ? [node, ...node.children.flatMap(derNodesOf)] : [node]
}

/** The tree with one of its elements replaced, known by identity; several or none may stand in its place. */
export function replaceDerNode(node: DerNode, target: DerNode, replacements: readonly DerNode[]): DerNode {
  if (node === target) return { raw: Buffer.concat(replacements.map(encodeDerTree)) }
  if (!('children' in node)) return node
  return {
    ...node,
    children: node.children.flatMap((child) =>
      child === target ? replacements : [replaceDerNode(child, target, replacements)],
    ),
  }
}

/** INTEGER content in the fewest octets (X.690 §8.3.2), of either sign. */
function integerContent(value: bigint): Uint8Array {
  const width = [1, 2, 3, 4, 8, 21, 33].find((size) => {
    const half = 1n << BigInt(8 * size - 1)
    return value >= -half && value < half
  })
  const octets = Buffer.from(
    BigInt.asUintN(8 * (width ?? 33), value)
      .toString(16)
      .padStart(2 * (width ?? 33), '0'),
    'hex',
  )
  let from = 0
  while (
    from + 1 < octets.length &&
    ((octets[from] === 0 && (octets[from + 1] ?? 0) < 0x80) ||
      (octets[from] === 0xff && (octets[from + 1] ?? 0) >= 0x80))
  ) {
    from++
  }
  return Uint8Array.from(octets.subarray(from))
}

/** Subidentifiers in base 128 (X.690 §8.19.2), some of them longer than any number of JavaScript. */
const objectIdentifier = fc
  .array(fc.bigInt(0n, 2n ** 80n), { minLength: 1, maxLength: 5 })
  .map((arcs) => Uint8Array.from(arcs.flatMap(base128)))

function base128(arc: bigint): readonly number[] {
  const septets: number[] = [Number(arc & 0x7fn)]
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) septets.unshift(Number(rest & 0x7fn) | 0x80)
  return septets
}

const bitString = fc
  .tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.nat(7))
  .map(([octets, unused]) => {
    const last = octets.length - 1
    return Uint8Array.from([unused, ...octets.with(last, (octets[last] ?? 0) & (0xff << unused))])
  })

const content = fc.oneof(
  fc.uint8Array({ maxLength: 30 }),
  fc.constantFrom(127, 128, 255, 256).map((length) => new Uint8Array(length)),
)

const primitive: fc.Arbitrary<DerNode> = fc.oneof(
  fc.record({ tag: fc.constant(0x01), content: fc.constantFrom(Uint8Array.of(0), Uint8Array.of(0xff)) }),
  fc.record({
    tag: fc.constantFrom(0x02, 0x0a),
    content: fc.bigInt(-(2n ** 200n), 2n ** 200n).map(integerContent),
  }),
  fc.record({ tag: fc.constant(0x03), content: bitString }),
  fc.record({ tag: fc.constantFrom(0x04, 0x13, 0x16, 0x80, 0x9e, 0x41, 0xc2), content }),
  fc.record({ tag: fc.constant(0x05), content: fc.constant(new Uint8Array()) }),
  fc.record({ tag: fc.constant(0x06), content: objectIdentifier }),
  fc.record({
    tag: fc.constant(0x0c),
    content: fc.string({ unit: 'binary', maxLength: 20 }).map((text) => new TextEncoder().encode(text)),
  }),
)

const byEncoding = (a: DerNode, b: DerNode): number => Buffer.compare(encodeDerTree(a), encodeDerTree(b))

/** Trees of at most so many levels that the verifier's reader must take. */
export function derTree(levels: number): fc.Arbitrary<DerNode> {
  if (levels <= 1) return primitive
  const children = fc.array(derTree(levels - 1), { maxLength: 5 })
  return fc.oneof(
    primitive,
    fc.record({ tag: fc.constantFrom(0x30, 0xa0, 0xa3, 0x61, 0xfe), children }),
    // X.690 §11.6: the elements of a SET OF ascend.
    fc.record({ tag: fc.constant(0x31), children: children.map((all) => all.toSorted(byEncoding)) }),
  )
}
