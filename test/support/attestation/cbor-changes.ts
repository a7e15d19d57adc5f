import fc from 'fast-check'
import type { AttestationErrorCode } from '../../../src/attestation/errors.ts'
import { concat, longHead } from './cbor-bytes.ts'
import type { CborNode } from './cbor-tree.ts'
import { encodeTree, nest, raw, withLongerHead } from './cbor-tree.ts'
import { hex } from './der-bytes.ts'

/** A change to one item, and what the reader must say to a tree in which it is the only fault. */
export interface CborChange {
  readonly name: string
  readonly code: AttestationErrorCode
  /** The item in its place; `null` where the change does not apply to such an item. */
  readonly apply: (node: CborNode, dice: number) => CborNode | null
}

/** How deep trees may go, so that one more level is one too many. */
export const LEVELS_ALLOWED = 8

const pick = <Choice>(choices: readonly [Choice, ...Choice[]], dice: number): Choice =>
  choices[dice % choices.length] ?? choices[0]

const instead =
  (...encodings: readonly [string, ...string[]]) =>
  (_: CborNode, dice: number): CborNode =>
    raw(hex(pick(encodings, dice)))

/** Majors of items that have a length or a count. */
const SIZED: Readonly<Partial<Record<CborNode['type'], number>>> = { bytes: 2, text: 3, array: 4, map: 5 }

/** Each breaks one rule of the reader (RFC 8949, as `walkCbor` narrows it). */
export const CBOR_CHANGES: readonly CborChange[] = [
  {
    name: 'a head in a longer form',
    code: 'CBOR_NOT_SHORTEST',
    apply(node, dice) {
      const longer = withLongerHead(encodeTree(node), pick([1, 2, 4, 8], dice))
      return longer && raw(longer)
    },
  },
  {
    name: 'a length or count far beyond the end',
    code: 'CBOR_TRUNCATED',
    apply(node, dice) {
      const major = SIZED[node.type]
      const claim = pick(
        [2n ** 32n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n],
        dice,
      )
      return major === undefined ? null : raw(longHead(major, claim, 8), encodeTree(node).subarray(1))
    },
  },
  {
    name: 'a reserved first byte',
    code: 'CBOR_MALFORMED',
    apply: (node, dice) =>
      raw(Uint8Array.of(((dice % 8) << 5) | (28 + (dice % 3))), encodeTree(node).subarray(1)),
  },
  {
    name: 'a number without end',
    code: 'CBOR_MALFORMED',
    apply: instead('1f', '3f', 'df'),
  },
  { name: 'a simple value in a longer form', code: 'CBOR_MALFORMED', apply: instead('f816', 'f800', 'f81f') },
  {
    name: 'a map that breaks off inside a pair',
    code: 'CBOR_MALFORMED',
    apply: instead('bf00ff', 'bf00f601ff'),
  },
  {
    name: 'one level too many',
    code: 'CBOR_DEPTH_EXCEEDED',
    apply: (node, dice) => nest(node, LEVELS_ALLOWED + (dice % 3)),
  },
  {
    name: 'a string in chunks',
    code: 'CBOR_INDEFINITE_STRING',
    apply(node) {
      const major = SIZED[node.type]
      if (major !== 2 && major !== 3) return null
      return raw(Uint8Array.of((major << 5) | 31), encodeTree(node), Uint8Array.of(0xff))
    },
  },
  {
    name: 'text that is not UTF-8',
    code: 'CBOR_TEXT_INVALID',
    // Lone continuation, overlong slash, surrogate, beyond the last code point, cut off.
    apply: instead('6180', '62c0af', '63eda080', '64f4908080', '61c3', '63e282'.concat('28'), '61ff'),
  },
  {
    name: 'text that begins with a byte order mark',
    code: 'CBOR_TEXT_INVALID',
    apply: (node) =>
      node.type === 'text' ? { ...node, content: `\u{feff}${node.content}` } : raw(hex('63efbbbf')),
  },
  {
    name: 'a tag',
    code: 'CBOR_TAG_UNEXPECTED',
    apply: (node, dice) =>
      raw(
        hex(pick(['c0', 'c1', 'c2', 'd2', 'd81e', 'd9d9f7', 'd9dffe', 'da00010000'], dice)),
        encodeTree(node),
      ),
  },
  {
    name: 'a value of a type that no field has',
    code: 'CBOR_TYPE_UNSUPPORTED',
    apply: instead('f7', 'e0', 'f3', 'f820', 'f8ff', 'f90000', 'fa00000000', 'fb0000000000000000', 'f97e00'),
  },
  {
    name: 'a key twice',
    code: 'CBOR_DUPLICATE_KEY',
    apply(node, dice) {
      if (node.type !== 'map' || node.entries.length === 0) return null
      const entry = node.entries[dice % node.entries.length]
      if (!entry) return null
      const [key] = entry
      const again = [key, { type: 'simple', value: dice % 2 === 0 }] as const
      const at = dice % (node.entries.length + 1)
      return { ...node, entries: node.entries.toSpliced(at, 0, again) }
    },
  },
]

/** A change to the bytes of a whole item. */
export const WHOLE_CHANGES: readonly {
  readonly name: string
  readonly code: AttestationErrorCode
  readonly apply: (encoded: Uint8Array, dice: number) => Uint8Array
}[] = [
  {
    name: 'bytes behind it',
    code: 'CBOR_TRAILING_BYTES',
    apply: (encoded, dice) => concat(encoded, hex(pick(['00', 'ff', 'f6', '0000', '60'], dice))),
  },
  {
    name: 'its end missing',
    code: 'CBOR_TRUNCATED',
    apply: (encoded, dice) => encoded.subarray(0, dice % encoded.length),
  },
  {
    name: 'a break in front',
    code: 'CBOR_MALFORMED',
    apply: (encoded) => concat(hex('ff'), encoded),
  },
]

/** A number to choose with. */
export const dice = fc.nat(0xffff)
