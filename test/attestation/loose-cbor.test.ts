import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CborItem } from '../../src/attestation/cbor-walk.ts'
import { walkCbor } from '../../src/attestation/cbor-walk.ts'
import { toDiagnosticNotation } from '../../src/attestation/diagnostic-notation.ts'
import { AttestationError } from '../../src/attestation/errors.ts'
import type { LooseItem } from '../../src/attestation/loose-cbor.ts'
import { entriesOf, readLoosely } from '../../src/attestation/loose-cbor.ts'
import { makeAttestation } from '../support/attestation/an-attestation.ts'
import { array, bytes, map, openArray, text, uint } from '../support/attestation/cbor-bytes.ts'
import { hex } from '../support/attestation/der-bytes.ts'

type Outline = readonly [major: number, start: number, end: number, items: readonly Outline[]]

const outline = ({ major, start, end, items }: LooseItem | CborItem): Outline => [
  major,
  start,
  end,
  items.map(outline),
]

function notation(digits: string): string {
  const { item } = readLoosely(hex(digits))
  return item ? toDiagnosticNotation(item) : 'nothing'
}

function walkOf(input: Uint8Array): CborItem | null {
  try {
    return walkCbor(input)
  } catch (error) {
    if (error instanceof AttestationError) return null
    throw error
  }
}

describe('readLoosely', () => {
  it('finds the items where the strict walk finds them, in whatever that one takes', () => {
    const good = makeAttestation().bytes
    let taken = 0
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 40 }),
          fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, octet]) => good.with(at, octet)),
          fc
            .array(fc.nat(300).map(uint), { maxLength: 5 })
            .map((items) => openArray(array(...items), bytes(array(...items)), text('x'))),
        ),
        (input) => {
          const walked = walkOf(input)
          const { item, stop, rest } = readLoosely(input)
          if (!walked) return
          taken++
          expect([item && outline(item), stop, rest]).toEqual([outline(walked), null, 0])
        },
      ),
      { numRuns: 400 },
    )
    expect(taken).toBeGreaterThan(50)
  })

  it('never throws, and never finds an item outside the bytes', () => {
    const check = ({ start, end, items }: LooseItem, limit: number): void => {
      expect([start >= 0, start <= end, end <= limit]).toEqual([true, true, true])
      for (const inner of items) check(inner, limit)
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
        const { item } = readLoosely(input)
        if (!item) return
        check(item, input.length)
        expect(toDiagnosticNotation(item)).toMatch(/^[\x20-\x7e…]*$/)
      }),
      { numRuns: 2_000 },
    )
  })

  it('reads the same of a document that is cut off anywhere as of the whole one, up to there', () => {
    const good = makeAttestation().bytes
    const whole = readLoosely(good)
    for (let length = 0; length < good.length; length += 37) {
      const { item, stop } = readLoosely(good.subarray(0, length))
      expect(stop?.offset).toBeLessThanOrEqual(length)
      const complete = item?.items.filter(({ isCut }) => !isCut) ?? []
      expect(complete.map(outline)).toEqual(whole.item?.items.slice(0, complete.length).map(outline))
    }
  })

  it.each([
    ['nothing', '', 0, 'the input ends'],
    ['a head cut off', '19 01', 0, 'the input ends inside the head of an item'],
    ['a reserved head', '81 1c', 1, 'the first byte of an item is reserved'],
    ['a break in front', 'ff 80', 0, 'a break stands where an item should'],
    ['a string cut off', '82 01 45 61 62', 5, 'the input ends 2 bytes into a string of 5'],
    ['a container without its end', '9f 01 02', 3, 'the input ends'],
    ['a huge count', '9b ffffffffffffffff 01', 10, 'the input ends'],
    [
      'a huge length',
      '5b ffffffffffffffff 01',
      10,
      'the input ends 1 bytes into a string of 18446744073709551615',
    ],
    ['nesting without end', '81'.repeat(100), 24, 'items lie in one another 24 deep'],
  ])('says where it stops: %s', (_, digits, offset, reason) => {
    expect(readLoosely(hex(digits)).stop).toEqual({ offset, reason })
  })

  it('reads 64 KiB of opened containers, tags or breaks without a deep stack', () => {
    for (const octet of [0x9f, 0xbf, 0x5f, 0xc1, 0xff, 0x00]) {
      expect(() => readLoosely(new Uint8Array(65_536).fill(octet))).not.toThrow()
    }
    const chunks = new Uint8Array(65_536).fill(0x40)
    expect(readLoosely(chunks.with(0, 0x5f)).item?.content).toHaveLength(0)
  })

  it('keeps both pairs of a repeated key, puts chunks together, and counts what follows', () => {
    const twice = readLoosely(hex('a2 01 02 01 03')).item
    expect(twice && entriesOf(twice)).toHaveLength(2)
    expect(readLoosely(hex('5f 41 01 42 02 03 ff 00 00'))).toMatchObject({
      item: { content: hex('01 02 03') },
      stop: null,
      rest: 2,
    })
  })
})

describe('toDiagnosticNotation', () => {
  // The examples of RFC 8949 appendix A, as far as it writes them so.
  it.each([
    ['00', '0'],
    ['18 64', '100'],
    ['1b ffffffffffffffff', '18446744073709551615'],
    ['3b ffffffffffffffff', '-18446744073709551616'],
    ['38 63', '-100'],
    ['fb 3ff199999999999a', '1.1 (a float)'],
    ['fa 47c35000', '100000 (a float)'],
    ['f9 3c00', 'a float of 16 bits'],
    ['f4', 'false'],
    ['f5', 'true'],
    ['f6', 'null'],
    ['f7', 'undefined'],
    ['f0', 'simple(16)'],
    ['f8 ff', 'simple(255)'],
    ['c1 1a 514b67b0', '1(1363896240)'],
    ['44 01020304', "h'01020304'"],
    ['64 49455446', '"IETF"'],
    ['62 22 61', '"\\"a"'],
    ['83 01 82 02 03 82 04 05', '[1, [2, 3], [4, 5]]'],
    ['a2 61 61 01 61 62 82 02 03', '{"a": 1, "b": [2, 3]}'],
  ])('writes %s as %s', (digits, expected) => {
    expect(notation(digits)).toBe(expected)
  })

  it('shortens what is long, wide or deep', () => {
    expect(toDiagnosticNotation(readLoosely(bytes(new Uint8Array(1024))).item ?? never())).toBe(
      "h'000000000000000000000000…' (1024 bytes)",
    )
    expect(toDiagnosticNotation(readLoosely(text('x'.repeat(500))).item ?? never())).toBe(
      `"${'x'.repeat(48)}… (500 characters)"`,
    )
    const wide = map(Array.from({ length: 9 }, (_, key) => [uint(key), uint(key)] as const))
    expect(toDiagnosticNotation(readLoosely(wide).item ?? never())).toBe('{0: 0, 1: 1, 2: 2, 3: 3, … (9)}')
    expect(notation('81 81 81 81 01')).toBe('[[[…]]]')
  })

  it('writes nothing that steers a terminal', () => {
    expect(toDiagnosticNotation(readLoosely(text('\u{1b}[2J\r\n\u{9b}\u{202e}')).item ?? never())).toBe(
      '"\\u{1b}[2J\\u{d}\\u{a}\\u{9b}\\u{202e}"',
    )
  })
})

function never(): never {
  throw new Error('nothing was read')
}
