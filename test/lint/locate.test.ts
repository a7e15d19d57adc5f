import { describe, expect, it } from 'vitest'
import { wholeOf } from '../../src/core/json-spans.ts'
import { locate } from '../../src/lint/locate.ts'
import { createRegions } from '../../src/lint/text-places.ts'

const TEXT = ' {\n  "a": [1, {"b\\"c": "}]"}],\n  "d": {}, "a": null\n}\n'
const at = (path: readonly (string | number)[]): string => {
  const { start, end } = locate(TEXT, wholeOf(TEXT), path)
  return TEXT.slice(start, end)
}

describe('a place in JSON', () => {
  it.each<[readonly (string | number)[], string]>([
    [['a', 1, 'b"c'], '"}]"'],
    [['a', 0], '1'],
    [['d'], '{}'],
    [['d', 0], '{}'],
    [['a', 1, 0, 'b"c'], '"}]"'],
    [['d', 'x', 'y'], '{}'],
    [['a', 7], '[1, {"b\\"c": "}]"}]'],
    [['a', 0, 'x'], '1'],
  ])('%j is %s', (path, text) => {
    expect(at(path)).toBe(text)
  })

  it('is told by line and column, the end behind the last character', () => {
    const toRegion = createRegions(TEXT)
    const region = toRegion(locate(TEXT, wholeOf(TEXT), ['a', 1]))
    expect(region).toEqual({ startLine: 2, startColumn: 12, endLine: 2, endColumn: 26 })
    expect(toRegion(wholeOf(TEXT))).toEqual({ startLine: 1, startColumn: 2, endLine: 4, endColumn: 2 })
  })
})
