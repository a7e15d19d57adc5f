import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDer } from '../../src/attestation/der.ts'
import { isName, toNameText } from '../../src/attestation/distinguished-name.ts'
import type { Validity } from '../../src/attestation/validity.ts'
import { readValidity } from '../../src/attestation/validity.ts'
import { distinguishedName } from '../support/attestation/certificate-recipe.ts'
import { seq, tlv } from '../support/attestation/der-bytes.ts'
import { derTree, encodeDerTree, toDerTree } from '../support/attestation/der-tree.ts'
import type { DerNode } from '../support/attestation/der-tree.ts'
import { runs } from '../support/property-runs.ts'

function read(first: Uint8Array, second: Uint8Array): Validity | null {
  const [notBefore, notAfter] = parseDer(seq(first, second)).children
  if (!notBefore || !notAfter) throw new TypeError('two elements were written')
  return readValidity(notBefore, notAfter)
}

const UTC_TIME = 0x17
const GENERALIZED_TIME = 0x18
const timeElement = (tag: number, text: string): Uint8Array => tlv(tag, Buffer.from(text, 'latin1'))

/** RFC 5280 §4.1.2.5 once more, by reading and writing: a text counts if a real date is written like that. */
function expectedTime(tag: number, text: string): Date | null {
  const [, digits = ''] = /^(\d+)Z$/.exec(text) ?? []
  const full = tag === UTC_TIME ? (digits < '5' ? '20' : '19') + digits : digits
  if (digits.length !== (tag === UTC_TIME ? 12 : 14)) return null
  const date = new Date(full.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6Z'))
  if (Number.isNaN(date.getTime()) || date.toISOString().replaceAll(/[-:T]|\.000Z/g, '') !== full) return null
  return tag === GENERALIZED_TIME && full < '2050' ? null : date
}

const twoDigits = (least: number, most: number): fc.Arbitrary<string> =>
  fc.integer({ min: least, max: most }).map((number) => String(number).padStart(2, '0'))
const digits = fc
  .tuple(
    fc.constantFrom('', '', '19', '20', '21', '99', '00'),
    twoDigits(0, 99),
    twoDigits(0, 13),
    twoDigits(0, 32),
    twoDigits(0, 25),
    twoDigits(0, 61),
    twoDigits(0, 61),
  )
  .map((parts) => parts.join(''))
const timeText = fc.oneof(
  digits.map((text) => `${text}Z`),
  fc
    .tuple(digits, fc.constantFrom('', 'z', '+0000', '.0Z', 'ZZ', ' Z', '\0Z'))
    .map(([text, end]) => text + end),
  digits.map((text) => `${text.slice(0, -2)}Z`),
  digits.map((text) => `-${text.slice(1)}Z`),
  fc.string({ maxLength: 17 }),
)

const EARLIEST = timeElement(UTC_TIME, '500101000000Z')

describe('readValidity', () => {
  it('takes a time exactly where it is written as RFC 5280 wants it and the calendar has it', () => {
    fc.assert(
      fc.property(fc.constantFrom(UTC_TIME, GENERALIZED_TIME), timeText, (tag, text) => {
        const expected = expectedTime(tag, text)
        const validity = read(EARLIEST, timeElement(tag, text))
        expect(validity?.notAfter ?? null).toEqual(expected)
      }),
      runs(800),
    )
  })

  it('takes no window that ends before it begins', () => {
    fc.assert(
      fc.property(timeText, timeText, (first, second) => {
        const [start, end] = [expectedTime(UTC_TIME, first), expectedTime(UTC_TIME, second)]
        const expected = start && end && start <= end ? { notBefore: start, notAfter: end } : null
        expect(read(timeElement(UTC_TIME, first), timeElement(UTC_TIME, second))).toEqual(expected)
      }),
      runs(500),
    )
  })

  it('takes no element of another type', () => {
    fc.assert(
      fc.property(derTree(3), (node) => {
        const encoded = encodeDerTree(node)
        expect(read(EARLIEST, encoded)).toBe(null)
        expect(read(encoded, EARLIEST)).toBe(null)
      }),
      runs(200),
    )
  })
})

/** Types of attributes by their short names, content octets in hexadecimal digits. */
const TYPES = new Map([
  ['CN', '550403'],
  ['C', '550406'],
  ['L', '550407'],
  ['ST', '550408'],
  ['O', '55040a'],
  ['OU', '55040b'],
])

/** Reads a text of RFC 4514 back: parts, each a list of `type value` in hexadecimal digits. */
function readNameText(text: string): readonly (readonly string[])[] {
  if (text === '') return []
  const pieces = text.match(/(?:[^\\]|\\[0-9a-f]{2}|\\.)/gs) ?? []
  const parts: string[][] = [[]]
  let attribute = ''
  for (const piece of [...pieces, ',']) {
    if (piece === ',' || piece === '+') {
      parts.at(-1)?.push(attribute)
      attribute = ''
      if (piece === ',') parts.push([])
    } else if (/^\\[0-9a-f]{2}$/.test(piece)) {
      attribute += piece.slice(1)
    } else {
      attribute +=
        piece === '=' && !attribute.includes('=') ? '=' : toDigits(piece.replace(/^\\/, ''), attribute)
    }
  }
  return parts
    .slice(0, -1)
    .map((all) => all.map(spellOut))
    .toReversed()
}

/** The type stays text, the value becomes digits. */
const toDigits = (character: string, before: string): string =>
  before.includes('=') ? Buffer.from(character, 'latin1').toString('hex') : character

function spellOut(attribute: string): string {
  const [type = '', value = ''] = attribute.split('=')
  return `${TYPES.get(type) ?? type.replace('oid.', '')} ${value}`
}

/** The same from the tree of the name. */
function readNameTree(node: DerNode): readonly (readonly string[])[] {
  const childrenOf = (one: DerNode | undefined): readonly DerNode[] =>
    one && 'children' in one ? one.children : []
  const contentOf = (one: DerNode | undefined): string =>
    one && 'content' in one ? Buffer.from(one.content).toString('hex') : ''
  return childrenOf(node).map((part) =>
    childrenOf(part).map((pair) => childrenOf(pair).map(contentOf).join(' ')),
  )
}

describe('toNameText', () => {
  it('writes printable ASCII that RFC 4514 reads back to the same parts, so no two names look alike', () => {
    fc.assert(
      fc.property(distinguishedName, (der) => {
        const element = parseDer(der)
        expect(isName(element)).toBe(true)
        const text = toNameText(element)
        expect(text).toMatch(/^[\x20-\x7e]*$/)
        expect(readNameText(text)).toEqual(readNameTree(toDerTree(der)))
      }),
      runs(300),
    )
  })

  it('is asked for names alone: isName holds for no other tree, whatever it is made of', () => {
    fc.assert(
      fc.property(derTree(4), (node) => {
        const element = parseDer(encodeDerTree(node))
        const parts = element.tag === 0x30 ? element.children : null
        const looksLikeName = parts?.every(
          ({ tag, children }) =>
            tag === 0x31 &&
            children.length > 0 &&
            children.every(
              (pair) => pair.tag === 0x30 && pair.children.length === 2 && pair.children[0]?.tag === 6,
            ),
        )
        expect(isName(element)).toBe(looksLikeName ?? false)
      }),
      runs(300),
    )
  })
})
