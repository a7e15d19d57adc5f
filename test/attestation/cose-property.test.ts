import { encode } from 'cborg'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCoseSign1 } from '../../src/attestation/cose-sign1.ts'
import { array, bytes, concat, map, NULL, openArray, text, uint } from '../support/attestation/cbor-bytes.ts'
import { CBOR_CHANGES, dice } from '../support/attestation/cbor-changes.ts'
import { cborTree, encodeTree, nodesOf, replaceNode } from '../support/attestation/cbor-tree.ts'
import type { CborNode } from '../support/attestation/cbor-tree.ts'
import { codeOf } from '../support/attestation/code-of.ts'
import { hex } from '../support/attestation/der-bytes.ts'
import { runs } from '../support/property-runs.ts'

const ORDER =
  0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n

/** A number of P-384 in 48 bytes. */
const fixed = (value: bigint): Uint8Array => hex(value.toString(16).padStart(96, '0'))

const scalar = fc.oneof(fc.bigInt(1n, ORDER - 1n), fc.constantFrom(1n, ORDER - 1n, ORDER / 2n)).map(fixed)
const signature = fc.tuple(scalar, scalar).map((both) => concat(...both))
const payload = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 60 }),
  fc.constantFrom(1, 23, 24, 255, 256, 16_384).map((length) => new Uint8Array(length)),
)

const ALG: readonly [CborNode, CborNode] = [
  { type: 'unsigned', argument: 1n },
  { type: 'negative', argument: 34n },
]

/** Labels beside alg and crit: unknown ones, of which nothing depends. */
const otherLabel: fc.Arbitrary<CborNode> = fc.oneof(
  fc.record({ type: fc.constant('unsigned' as const), argument: fc.bigInt(3n, 2n ** 64n - 1n) }),
  fc.record({ type: fc.constant('negative' as const), argument: fc.bigInt(0n, 2n ** 64n - 1n) }),
  fc.record({ type: fc.constant('text' as const), content: fc.constantFrom('alg', 'crit', '1', '2', '') }),
)

/** Protected headers that must be taken: ES384 and any number of labels without meaning, in any order. */
const protectedHeader: fc.Arbitrary<CborNode> = fc
  .record({
    open: fc.boolean(),
    others: fc.uniqueArray(fc.tuple(otherLabel, cborTree(3)), {
      maxLength: 4,
      selector: ([label]) => Buffer.from(encodeTree(label)).toString('hex'),
    }),
    at: fc.nat(4),
  })
  .map(({ open, others, at }) => ({
    type: 'map',
    open,
    entries: [...others.slice(0, at), ALG, ...others.slice(at)],
  }))

const good = fc.record({
  header: protectedHeader.map(encodeTree),
  unprotected: fc.constantFrom(hex('a0'), hex('bfff')),
  payload,
  signature,
  tag: fc.constantFrom(hex(''), hex('d2')),
})
type Good = typeof good extends fc.Arbitrary<infer Parts> ? Parts : never

const elementsOf = (parts: Good): readonly Uint8Array[] => [
  bytes(parts.header),
  parts.unprotected,
  bytes(parts.payload),
  bytes(parts.signature),
]
const assemble = (parts: Good): Uint8Array => concat(parts.tag, array(...elementsOf(parts)))

/** The code for a COSE_Sign1 of such elements. */
const codeFor = (elements: readonly Uint8Array[]): string | null =>
  codeOf(() => parseCoseSign1(array(...elements)))

describe('parseCoseSign1, given a structure that it must take', () => {
  it('answers payload, signature and what is signed, as cborg encodes it', () => {
    fc.assert(
      fc.property(good, (parts) => {
        const read = parseCoseSign1(assemble(parts))
        expect(Buffer.compare(read.payload, parts.payload)).toBe(0)
        expect(Buffer.compare(read.signature, parts.signature)).toBe(0)
        const signed = encode(['Signature1', parts.header, new Uint8Array(), parts.payload])
        expect(Buffer.compare(read.signedBytes, signed)).toBe(0)
      }),
      runs(200),
    )
  })
})

/** One fault in the structure around the contents, and the code for it. */
const STRUCTURE: readonly (readonly [
  string,
  string,
  (elements: readonly Uint8Array[], dice: number) => Uint8Array,
])[] = [
  ['an element missing', 'COSE_STRUCTURE_INVALID', (all, n) => array(...all.toSpliced(n % 4, 1))],
  [
    'an element twice',
    'COSE_STRUCTURE_INVALID',
    (all, n) => array(...all.toSpliced(n % 4, 0, all[n % 4] ?? NULL)),
  ],
  ['an element that is null', 'COSE_STRUCTURE_INVALID', (all, n) => array(...all.with(n % 4, NULL))],
  ['an element that is a number', 'COSE_STRUCTURE_INVALID', (all, n) => array(...all.with(n % 4, uint(n)))],
  ['an element that is text', 'COSE_STRUCTURE_INVALID', (all, n) => array(...all.with(n % 4, text('a')))],
  [
    'an element inside an array',
    'COSE_STRUCTURE_INVALID',
    (all, n) => array(...all.with(n % 4, array(all[n % 4] ?? NULL))),
  ],
  [
    'the header in front moved',
    'COSE_STRUCTURE_INVALID',
    ([a = NULL, b = NULL, ...rest]) => array(b, a, ...rest),
  ],
  ['indefinite length', 'COSE_STRUCTURE_INVALID', (all) => openArray(...all)],
  [
    'a map in place of the array',
    'COSE_STRUCTURE_INVALID',
    (all) => map(all.map((one, at) => [uint(at), one])),
  ],
  ['a byte string around it', 'COSE_STRUCTURE_INVALID', (all) => bytes(array(...all))],
  ['an array around it', 'COSE_STRUCTURE_INVALID', (all) => array(array(...all))],
  [
    'another tag',
    'CBOR_TAG_UNEXPECTED',
    (all, n) => concat(hex(['d1', 'd3', 'd862', 'd2d2', 'd9d9f7d2'][n % 5] ?? ''), array(...all)),
  ],
  [
    'a tag inside',
    'CBOR_TAG_UNEXPECTED',
    (all, n) => array(...all.with(n % 4, concat(hex('d2'), all[n % 4] ?? NULL))),
  ],
]

describe('parseCoseSign1, given a structure with one fault', () => {
  it.each(STRUCTURE)('refuses %s with %s', (_, code, change) => {
    fc.assert(
      fc.property(good, dice, (parts, how) => {
        expect(codeOf(() => parseCoseSign1(change(elementsOf(parts), how)))).toBe(code)
      }),
      runs(25),
    )
  })

  it('refuses an entry in the unprotected header with COSE_UNPROTECTED_NOT_EMPTY, whatever it says', () => {
    fc.assert(
      fc.property(good, otherLabel, cborTree(3), fc.boolean(), (parts, label, value, open) => {
        const header: CborNode = { type: 'map', open, entries: [[label, value]] }
        expect(codeFor(elementsOf(parts).with(1, encodeTree(header)))).toBe('COSE_UNPROTECTED_NOT_EMPTY')
      }),
      runs(50),
    )
  })

  it('refuses a payload over 16,384 bytes or of none with COSE_PAYLOAD_SIZE_INVALID', () => {
    for (const length of [0, 16_385, 17_000]) {
      const elements = [
        bytes(hex('a1013822')),
        hex('a0'),
        bytes(new Uint8Array(length)),
        bytes(new Uint8Array(96)),
      ]
      expect(codeFor(elements)).toBe('COSE_PAYLOAD_SIZE_INVALID')
    }
  })

  it('refuses a signature of another length or out of range with its code', () => {
    const outOfRange = fc.constantFrom(0n, ORDER, ORDER + 1n, 2n ** 384n - 1n).map(fixed)
    fc.assert(
      fc.property(good, fc.nat(200), outOfRange, fc.boolean(), (parts, length, wrong, first) => {
        const elements = elementsOf(parts)
        fc.pre(length !== 96)
        const own = parts.signature
        const resized = concat(own, new Uint8Array(120)).subarray(0, length)
        expect(codeFor(elements.with(3, bytes(resized)))).toBe('COSE_SIGNATURE_LENGTH_INVALID')
        const r = first ? wrong : own.subarray(0, 48)
        const s = first ? own.subarray(48) : wrong
        expect(codeFor(elements.with(3, bytes(concat(r, s))))).toBe('COSE_SIGNATURE_RANGE_INVALID')
      }),
      runs(80),
    )
  })
})

describe('the protected header', () => {
  const refusedHeader = (header: Uint8Array): string | null =>
    codeFor([bytes(header), hex('a0'), bytes(hex('00')), bytes(new Uint8Array(96).fill(1))])
  const entriesOf = (header: CborNode): readonly (readonly [CborNode, CborNode])[] =>
    header.type === 'map' ? header.entries : []
  const withEntries = (
    header: CborNode,
    change: (entry: readonly [CborNode, CborNode]) => readonly (readonly [CborNode, CborNode])[],
  ): Uint8Array => encodeTree({ type: 'map', open: false, entries: entriesOf(header).flatMap(change) })

  it('without alg is refused with COSE_ALGORITHM_MISSING', () => {
    fc.assert(
      fc.property(protectedHeader, (header) => {
        const without = withEntries(header, (entry) => (entry === ALG ? [] : [entry]))
        expect(refusedHeader(without)).toBe('COSE_ALGORITHM_MISSING')
      }),
      runs(80),
    )
  })

  it('with any other alg is refused with COSE_ALGORITHM_UNSUPPORTED', () => {
    fc.assert(
      fc.property(protectedHeader, cborTree(2), (header, value) => {
        fc.pre(!(value.type === 'negative' && value.argument === 34n))
        const other = withEntries(header, (entry) => [entry === ALG ? [ALG[0], value] : entry])
        expect(refusedHeader(other)).toBe('COSE_ALGORITHM_UNSUPPORTED')
      }),
      runs(80),
    )
  })

  it('with crit is refused with COSE_CRITICAL_UNSUPPORTED, alg or not', () => {
    fc.assert(
      fc.property(protectedHeader, cborTree(2), fc.boolean(), (header, value, keepsAlg) => {
        const crit = [{ type: 'unsigned', argument: 2n }, value] as const
        const critical = withEntries(header, (entry) =>
          entry === ALG ? [crit, ...(keepsAlg ? [ALG] : [])] : [entry],
        )
        expect(refusedHeader(critical)).toBe('COSE_CRITICAL_UNSUPPORTED')
      }),
      runs(80),
    )
  })

  it('with a label that is neither integer nor text, or that is no map, is refused with COSE_PROTECTED_INVALID', () => {
    fc.assert(
      fc.property(protectedHeader, cborTree(3), cborTree(2), (header, label, value) => {
        fc.pre(!['unsigned', 'negative', 'text'].includes(label.type))
        const odd = withEntries(header, (entry) => (entry === ALG ? [[label, value], ALG] : [entry]))
        expect(refusedHeader(odd)).toBe('COSE_PROTECTED_INVALID')
        fc.pre(label.type !== 'map')
        expect(refusedHeader(encodeTree(label))).toBe('COSE_PROTECTED_INVALID')
      }),
      runs(80),
    )
  })

  it.each(CBOR_CHANGES)('with $name is refused with $code', ({ code, apply }) => {
    fc.assert(
      fc.property(protectedHeader, dice, dice, (header, place, how) => {
        const candidates = nodesOf(header).filter((one) => apply(one, how) !== null)
        fc.pre(candidates.length > 0)
        const target = candidates[place % candidates.length] ?? header
        const changed = replaceNode(header, target, apply(target, how) ?? target)
        expect(refusedHeader(encodeTree(changed))).toBe(code)
      }),
      runs(25),
    )
  })
})
