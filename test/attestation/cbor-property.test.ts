import { decode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CborItem } from '../../src/attestation/cbor-walk.ts'
import { walkCbor } from '../../src/attestation/cbor-walk.ts'
import { CBOR_CHANGES, dice, LEVELS_ALLOWED, WHOLE_CHANGES } from '../support/attestation/cbor-changes.ts'
import type { CborNode } from '../support/attestation/cbor-tree.ts'
import {
  cborTree,
  encodeTree,
  meaningOf,
  nest,
  nodesOf,
  normalize,
  raw,
  replaceNode,
  STRICT_CBORG,
  turnForms,
} from '../support/attestation/cbor-tree.ts'
import { decodeCbor } from '../support/attestation/cbor-value.ts'
import { codeOf } from '../support/attestation/code-of.ts'
import { runs } from '../support/property-runs.ts'

const tree = cborTree(5)

/** The code with which the bytes are refused, `null` for none. Whatever is accepted, cborg must read alike. */
function readByBoth(encoded: Uint8Array): string | null {
  const code = codeOf(() => decodeCbor(encoded))
  if (code === null) expect(normalize(decodeCbor(encoded))).toEqual(normalize(decode(encoded, STRICT_CBORG)))
  return code
}

/** The bytes that an item takes, put together again from its heads and what is inside. */
function reassemble(bytes: Uint8Array, item: CborItem): Uint8Array {
  const { start, contentStart, end, items, indefinite } = item
  if (items.length === 0) return bytes.subarray(start, end)
  const parts = items.map((inner) => reassemble(bytes, inner))
  return Buffer.concat([
    bytes.subarray(start, contentStart),
    ...parts,
    ...(indefinite ? [Buffer.of(0xff)] : []),
  ])
}

describe('the reader of CBOR, given a tree that it must take', () => {
  it('reads what was written, as cborg does', () => {
    fc.assert(
      fc.property(tree, (node) => {
        const encoded = encodeTree(node)
        const value = normalize(decodeCbor(encoded))
        expect(value).toEqual(meaningOf(node))
        expect(value).toEqual(normalize(decode(encoded, STRICT_CBORG)))
      }),
      runs(500),
    )
  })

  it('reads the same whether containers are of definite or indefinite length', () => {
    fc.assert(
      fc.property(tree, (node) => {
        expect(normalize(decodeCbor(encodeTree(turnForms(node))))).toEqual(meaningOf(node))
      }),
      runs(200),
    )
  })

  it('says where every item lies', () => {
    fc.assert(
      fc.property(tree, (node) => {
        const encoded = encodeTree(node)
        expect(Buffer.compare(reassemble(encoded, walkCbor(encoded)), encoded)).toBe(0)
      }),
      runs(200),
    )
  })

  it(`takes ${LEVELS_ALLOWED} levels`, () => {
    fc.assert(
      fc.property(tree, (node) => {
        const levels = depthOf(node)
        expect(codeOf(() => decodeCbor(encodeTree(nest(node, LEVELS_ALLOWED - levels))))).toBe(null)
        expect(codeOf(() => decodeCbor(encodeTree(nest(node, LEVELS_ALLOWED - levels + 1))))).toBe(
          'CBOR_DEPTH_EXCEEDED',
        )
      }),
      runs(100),
    )
  })
})

function depthOf(node: CborNode): number {
  const inside = node.type === 'array' ? node.items : node.type === 'map' ? node.entries.flat() : []
  return 1 + Math.max(0, ...inside.map(depthOf))
}

describe('the reader of CBOR, given a tree with one fault', () => {
  it.each(CBOR_CHANGES)('refuses $name with $code, wherever it is', ({ code, apply }) => {
    fc.assert(
      fc.property(tree, dice, dice, (node, place, how) => {
        const candidates = nodesOf(node).filter((one) => apply(one, how) !== null)
        fc.pre(candidates.length > 0)
        const target = candidates[place % candidates.length] ?? node
        const changed = replaceNode(node, target, apply(target, how) ?? target)
        expect(codeOf(() => decodeCbor(encodeTree(changed)))).toBe(code)
      }),
      runs(60),
    )
  })

  it.each(WHOLE_CHANGES)('refuses $name with $code', ({ code, apply }) => {
    fc.assert(
      fc.property(tree, dice, (node, how) => {
        expect(codeOf(() => decodeCbor(apply(encodeTree(node), how)))).toBe(code)
      }),
      runs(60),
    )
  })
})

describe('the reader of CBOR, given a tree with several changes', () => {
  it('answers a value that cborg reads alike, or one of its codes', () => {
    const change = fc.record({ which: dice, place: dice, how: dice })
    fc.assert(
      fc.property(tree, fc.array(change, { minLength: 1, maxLength: 3 }), (node, changes) => {
        const changed = changes.reduce<CborNode>((current, { which, place, how }) => {
          const nodes = nodesOf(current)
          const target = nodes[place % nodes.length] ?? current
          const replacement = CBOR_CHANGES[which % CBOR_CHANGES.length]?.apply(target, how)
          return replacement ? replaceNode(current, target, replacement) : current
        }, node)
        expect([null, expect.stringMatching(/^CBOR_/)]).toContainEqual(readByBoth(encodeTree(changed)))
      }),
      runs(300),
    )
  })

  it('answers so for lengths that lie by a little, items moved, and parts of other items', () => {
    const splice = fc.record({
      from: dice,
      length: fc.nat(12),
      to: dice,
      nudge: fc.integer({ min: -2, max: 2 }),
    })
    fc.assert(
      fc.property(tree, tree, splice, (node, donor, { from, length, to, nudge }) => {
        const [encoded, other] = [encodeTree(node), encodeTree(donor)]
        const at = to % encoded.length
        const part = other.subarray(from % other.length, (from % other.length) + length)
        const spliced = Buffer.concat([encoded.subarray(0, at), part, encoded.subarray(at + (length >> 1))])
        const nudged = encoded.with(at, ((encoded[at] ?? 0) + nudge) & 0xff)
        for (const changed of [spliced, nudged]) {
          expect([null, expect.stringMatching(/^CBOR_/)]).toContainEqual(readByBoth(changed))
        }
      }),
      runs(500),
    )
  })
})

describe('what the tree of the tests is worth', () => {
  it('a replaced item is there', () => {
    const node: CborNode = { type: 'array', open: false, items: [{ type: 'simple', value: null }] }
    const [, target = node] = nodesOf(node)
    expect(encodeTree(replaceNode(node, target, raw(Uint8Array.of(0x07))))).toEqual(Uint8Array.of(0x81, 0x07))
  })
})
