import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DerElement } from '../../src/attestation/der.ts'
import { derContent, derEncoding, parseDer } from '../../src/attestation/der.ts'
import { dice } from '../support/attestation/cbor-changes.ts'
import { hex, tlv } from '../support/attestation/der-bytes.ts'
import { DER_CHANGES } from '../support/attestation/der-changes.ts'
import type { DerNode } from '../support/attestation/der-tree.ts'
import {
  derNodesOf,
  derTree,
  encodeDerTree,
  replaceDerNode,
  toDerTree,
} from '../support/attestation/der-tree.ts'
import { runs } from '../support/property-runs.ts'
import { walkTlv } from '../support/tlv-walk.ts'

const LEVELS_ALLOWED = 16
const tree = derTree(5)

/** What is read, as a tree of the tests. */
function toNode(element: DerElement): DerNode {
  const { tag, children } = element
  return (tag & 0x20) === 0 ? { tag, content: derContent(element) } : { tag, children: children.map(toNode) }
}

/** All elements with their depth and place, in the order in which they begin. */
function listOf(element: DerElement, depth = 0): readonly object[] {
  const { start: offset, contentStart, end, tag, children } = element
  const line = { offset, depth, tag, header: contentStart - offset, length: end - contentStart }
  return [line, ...children.flatMap((child) => listOf(child, depth + 1))]
}

describe('parseDer, given a tree that it must take', () => {
  it('reads what was written, each element where another walk finds it', () => {
    fc.assert(
      fc.property(tree, (node) => {
        const encoded = encodeDerTree(node)
        const read = parseDer(encoded)
        expect(encodeDerTree(toNode(read))).toEqual(encoded)
        expect(derEncoding(read)).toEqual(encoded)
        expect(listOf(read)).toEqual(walkTlv(encoded))
        expect(toNode(read)).toEqual(toDerTree(encoded))
      }),
      runs(250),
    )
  })

  it(`takes ${LEVELS_ALLOWED} levels and no more`, () => {
    const nest = (node: DerNode, levels: number): DerNode =>
      levels === 0 ? node : { tag: 0x30, children: [nest(node, levels - 1)] }
    const depthOf = (node: DerNode): number =>
      1 + Math.max(0, ...('children' in node ? node.children.map(depthOf) : []))
    fc.assert(
      fc.property(tree, (node) => {
        const left = LEVELS_ALLOWED - depthOf(node)
        expect(() => parseDer(encodeDerTree(nest(node, left)))).not.toThrow()
        expect(() => parseDer(encodeDerTree(nest(node, left + 1)))).toThrow(SyntaxError)
      }),
      runs(40),
    )
  })
})

describe('parseDer, given a tree with one fault', () => {
  it.each(DER_CHANGES)('refuses $name with SyntaxError, wherever it is', ({ apply }) => {
    fc.assert(
      fc.property(tree, dice, dice, (node, place, how) => {
        const candidates = derNodesOf(node).filter((one) => apply(one, how) !== null)
        fc.pre(candidates.length > 0)
        const target = candidates[place % candidates.length] ?? node
        const changed = replaceDerNode(node, target, [apply(target, how) ?? target])
        expect(() => parseDer(encodeDerTree(changed))).toThrow(SyntaxError)
      }),
      runs(40),
    )
  })

  it('refuses bytes behind it, and any part cut off its end', () => {
    fc.assert(
      fc.property(tree, dice, fc.constantFrom('00', '0500', '30', 'ff'), (node, cut, rest) => {
        const encoded = encodeDerTree(node)
        expect(() => parseDer(Buffer.concat([encoded, hex(rest)]))).toThrow(SyntaxError)
        expect(() => parseDer(encoded.subarray(0, cut % encoded.length))).toThrow(SyntaxError)
      }),
      runs(80),
    )
  })
})

describe('parseDer, given elements dropped, doubled, exchanged, of other tags', () => {
  it('answers a tree whose encoding is the input, or SyntaxError', () => {
    const change = fc.record({ which: fc.nat(4), place: dice, donor: dice, how: dice })
    fc.assert(
      fc.property(tree, tree, fc.array(change, { minLength: 1, maxLength: 3 }), (node, other, changes) => {
        const changed = changes.reduce<DerNode>((current, { which, place, donor, how }) => {
          const [own, foreign] = [derNodesOf(current), derNodesOf(other)]
          const target = own[place % own.length] ?? current
          const part = foreign[donor % foreign.length] ?? other
          const replacement = [
            [],
            [target, target],
            [part],
            [{ raw: Buffer.of(how & 0xff, ...encodeDerTree(target).subarray(1)) }],
            [{ raw: tlv(how & 0xff, encodeDerTree(target)) }],
          ][which]
          return replaceDerNode(current, target, replacement ?? [])
        }, node)
        const encoded = encodeDerTree(changed)
        try {
          expect(Buffer.compare(encodeDerTree(toNode(parseDer(encoded))), encoded)).toBe(0)
          expect(listOf(parseDer(encoded))).toEqual(walkTlv(encoded))
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError)
        }
      }),
      runs(400),
    )
  })
})
