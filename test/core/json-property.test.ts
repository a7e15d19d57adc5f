import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase64, parseBase64 } from '../../src/core/base64.ts'
import type { JsonValue } from '../../src/core/json.ts'
import { parseJson } from '../../src/core/json.ts'
import { runs } from '../support/property-runs.ts'

/** JSON as a tree of texts, so that spelling and white space can differ while the meaning stays. */
type JsonNode =
  | { readonly scalar: string }
  | { readonly items: readonly JsonNode[] }
  | { readonly members: readonly (readonly [name: string, value: JsonNode])[] }

const scalar = fc
  .oneof(
    fc.constantFrom('null', 'true', 'false', '0', '-0', '1e3', '-1.5E-2', '9007199254740993'),
    fc.string({ unit: 'binary', maxLength: 12 }).map((text) => JSON.stringify(text)),
    fc.constantFrom(
      '"\\\\"',
      '"\\""',
      '"a\\":1,\\"a\\":2"',
      '"\\\\\\""',
      '"{"',
      '"]"',
      '":"',
      '"\\u005c\\u0022"',
    ),
  )
  .map((text): JsonNode => ({ scalar: text }))

const name = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    '',
    '__proto__',
    'constructor',
    '"',
    '\\',
    '1',
    '01',
    'toString',
    '\u{7f}',
    'é',
    '😀',
  ),
  fc.string({ unit: 'binary', maxLength: 5 }),
)

const node: fc.Arbitrary<JsonNode> = fc.letrec<{ node: JsonNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('node'), { maxLength: 4 }).map((items) => ({ items })),
    fc
      .uniqueArray(fc.tuple(name, tie('node')), { maxLength: 4, selector: ([one]) => one })
      .map((members) => ({ members })),
  ),
})).node

const SPACE = ['', ' ', '\n', '\t\r ']

/** Writes a tree; `choices` decide on white space, and on which characters of names are escaped. */
function write(tree: JsonNode, choices: number[]): string {
  const next = (limit: number): number => (choices.pop() ?? 0) % limit
  const space = (): string => SPACE[next(SPACE.length)] ?? ''
  const quote = (text: string): string =>
    next(3) === 0
      ? `"${Array.from(text.split(''), (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`
      : JSON.stringify(text)
  const around = (text: string): string => space() + text + space()
  if ('scalar' in tree) return around(tree.scalar)
  if ('items' in tree)
    return around(`[${tree.items.map((item) => write(item, choices)).join(',') || space()}]`)
  const members = tree.members.map(([key, value]) => `${around(quote(key))}:${write(value, choices)}`)
  return around(`{${members.join(',') || space()}}`)
}

const choices = fc.array(fc.nat(11), { maxLength: 120 })

/** What `JSON.parse` makes of a text, in the form in which both readers can be compared. */
function toEntries(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toEntries)
  if (typeof value === 'object' && value !== null) {
    return new Map(Object.entries(value).map(([key, inner]) => [key, toEntries(inner)]))
  }
  return value
}

const nodesIn = (tree: JsonNode): readonly JsonNode[] => [
  tree,
  ...('items' in tree
    ? tree.items.flatMap(nodesIn)
    : 'members' in tree
      ? tree.members.flatMap(([, value]) => nodesIn(value))
      : []),
]

const replace = (tree: JsonNode, target: JsonNode, replacement: JsonNode): JsonNode => {
  if (tree === target) return replacement
  if ('items' in tree) return { items: tree.items.map((item) => replace(item, target, replacement)) }
  if (!('members' in tree)) return tree
  return { members: tree.members.map(([key, value]) => [key, replace(value, target, replacement)] as const) }
}

describe('parseJson', () => {
  it('reads any spelling of a text without repeated members as JSON.parse does', () => {
    fc.assert(
      fc.property(node, choices, (tree, some) => {
        const text = write(tree, [...some])
        const value: JsonValue = parseJson(text)
        expect(toEntries(value)).toEqual(toEntries(JSON.parse(text)))
      }),
      runs(500),
    )
  })

  it('refuses a member that is given twice, wherever and however spelt', () => {
    fc.assert(
      fc.property(node, choices, fc.nat(), fc.nat(), (tree, some, place, which) => {
        const objects = nodesIn(tree).filter((one) => 'members' in one && one.members.length > 0)
        const target = objects[place % Math.max(objects.length, 1)]
        fc.pre(target !== undefined && 'members' in target)
        if (!target || !('members' in target)) return
        const [key] = target.members[which % target.members.length] ?? ['', { scalar: '0' }]
        const at = which % (target.members.length + 1)
        const members = target.members.toSpliced(at, 0, [key, { scalar: '"again"' }])
        const text = write(replace(tree, target, { members }), [...some])
        expect(() => parseJson(text)).toThrow(new SyntaxError('a member is given twice'))
      }),
      runs(300),
    )
  })

  it('answers a value or SyntaxError for texts with characters lost, doubled or changed', () => {
    fc.assert(
      fc.property(
        node,
        choices,
        fc.nat(),
        fc.constantFrom('', '"', '\\', '{', '}', '[', ']', ',', ':', ' ', '\0', '0'),
        (tree, some, place, part) => {
          const text = write(tree, [...some])
          const at = place % (text.length + 1)
          for (const changed of [
            text.slice(0, at) + part + text.slice(at + 1),
            text.slice(0, at) + part + text.slice(at),
          ]) {
            try {
              expect(toEntries(parseJson(changed))).toEqual(toEntries(JSON.parse(changed)))
            } catch (error) {
              expect(error).toBeInstanceOf(SyntaxError)
            }
          }
        },
      ),
      runs(500),
    )
  })
})

describe('parseBase64', () => {
  it('refuses every other spelling of the same bytes', () => {
    const change = fc.constantFrom<(text: string, at: number) => string>(
      (text) => text.replace(/=+$/, ''),
      (text) => `${text}=`,
      (text) => `${text}\n`,
      (text, at) => `${text.slice(0, at)} ${text.slice(at)}`,
      (text, at) => `${text.slice(0, at)}=${text.slice(at)}`,
      (text) => text.replaceAll('+', '-').replaceAll('/', '_'),
      (text) => `${text}AA==`,
      (text, at) => `${text.slice(0, at)}\0${text.slice(at)}`,
      // The bits behind the last byte, set.
      (text) => text.replace(/[AQgw](?===$)/, 'B').replace(/[A-Za-z0-9+/](?==$)/, 'B'),
    )
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 60 }),
        change,
        fc.nat(80),
        (bytes, alter, place) => {
          const text = encodeBase64(bytes)
          const changed = alter(text, place % text.length)
          fc.pre(changed !== text)
          try {
            // Cut into groups of four, text may still be base64, but then of other bytes.
            expect(Buffer.compare(parseBase64(changed), bytes)).not.toBe(0)
            expect(encodeBase64(parseBase64(changed))).toBe(changed)
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError)
          }
        },
      ),
      runs(500),
    )
  })
})
