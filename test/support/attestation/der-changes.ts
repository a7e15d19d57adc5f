import { concat } from './cbor-bytes.ts'
import { hex, tlv } from './der-bytes.ts'
import type { DerNode } from './der-tree.ts'
import { encodeDerTree } from './der-tree.ts'

/** A change to one element after which no tree is DER any more. */
export interface DerChange {
  readonly name: string
  /** What stands in the element's place; `null` where the change does not apply to it. */
  readonly apply: (node: DerNode, dice: number) => DerNode | null
}

const pick = (choices: readonly string[], dice: number): DerNode => ({
  raw: hex(choices[dice % choices.length] ?? ''),
})

const instead =
  (...encodings: readonly string[]) =>
  (_: DerNode, dice: number): DerNode =>
    pick(encodings, dice)

/** The element with other octets for its length. */
const withLength = (node: DerNode, ...octets: readonly number[]): DerNode | null => {
  if ('raw' in node) return null
  const whole = encodeDerTree(node)
  return { raw: concat(Uint8Array.of(node.tag, ...octets), contentOf(whole)) }
}

const contentOf = (encoded: Uint8Array): Uint8Array => {
  const [, first = 0] = encoded
  return encoded.subarray(2 + (first < 0x80 ? 0 : first & 0x7f))
}

/** The octets of a length in so many octets, more than are needed. */
const longLength = (length: number, count: number): readonly number[] => [
  0x80 | count,
  ...Array.from({ length: count }, (_, at) => Math.floor(length / 256 ** (count - 1 - at)) & 0xff),
]

/** Each breaks one rule of X.690. */
export const DER_CHANGES: readonly DerChange[] = [
  {
    name: 'a length in a longer form',
    apply(node, dice) {
      const { length } = contentOf(encodeDerTree(node))
      const needed = length < 0x80 ? 0 : Math.ceil(Math.log2(length + 1) / 8)
      return withLength(node, ...longLength(length, needed + 1 + (dice % 3)))
    },
  },
  {
    name: 'the indefinite form',
    apply: (node) =>
      'children' in node
        ? { raw: concat(Uint8Array.of(node.tag, 0x80), contentOf(encodeDerTree(node)), hex('0000')) }
        : null,
  },
  {
    name: 'a length far beyond the end',
    apply: (node, dice) =>
      withLength(
        node,
        ...([
          [0x84, 0xff, 0xff, 0xff, 0xff],
          [0x84, 0x7f, 0xff, 0xff, 0xff],
          [0x88, 1, 0, 0, 0, 0, 0, 0, 0],
          [0xff],
        ][dice % 4] ?? []),
      ),
  },
  { name: 'the octets that end contents', apply: instead('0000', '000100') },
  { name: 'a tag number over 30', apply: instead('1f1f00', '3f810000', '5f818080000100', '9f1f00') },
  {
    name: 'a tag that no primitive type has',
    apply: instead('0800', '0b00', '0f00', '1d00', '2f00', '2800'),
  },
  { name: 'a primitive SEQUENCE or SET', apply: instead('1000', '1100', '10020500') },
  {
    name: 'a constructed string or number',
    apply: (node) =>
      'content' in node && node.tag < 0x40 ? { raw: tlv(node.tag | 0x20, encodeDerTree(node)) } : null,
  },
  { name: 'a BOOLEAN that is neither 00 nor ff', apply: instead('010101', '0101fe', '0100', '0102ffff') },
  {
    name: 'an INTEGER in more octets',
    apply: instead('02020000', '0202007f', '0202ffff', '0203ff8000', '0200'),
  },
  {
    name: 'an OBJECT IDENTIFIER that is padded or cut off',
    apply: instead('0600', '060180', '06028001', '06032a8001', '0602a0a0'),
  },
  {
    name: 'a BIT STRING with wrong unused bits',
    apply: instead('0300', '030101', '03020801', '03020101', '0303071001'),
  },
  { name: 'a NULL with content', apply: instead('050100') },
  { name: 'a UTF8String that is not UTF-8', apply: instead('0c01ff', '0c02c0af', '0c03eda080') },
  { name: 'a SET out of order', apply: instead('3106020102020101', '3106040101040100', '31040c000400') },
  {
    name: 'an element that ends outside the one around it',
    apply: instead('300102', '30020482', '3003020201', '30020401'),
  },
]
