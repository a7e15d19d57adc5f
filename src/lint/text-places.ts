import type { Span } from '../core/json-spans.ts'

/** A region of a text as editors count: lines and columns from 1, columns in UTF-16 units, the end behind the last character. */
export interface Region {
  readonly startLine: number
  readonly startColumn: number
  readonly endLine: number
  readonly endColumn: number
}

/** Makes a function that turns spans of a text into regions. */
export function createRegions(text: string): (span: Span) => Region {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  const place = (offset: number): readonly [number, number] => {
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return [low + 1, offset - (starts[low] ?? 0) + 1]
  }
  return ({ start, end }) => {
    const [startLine, startColumn] = place(start)
    const [endLine, endColumn] = place(end)
    return { startLine, startColumn, endLine, endColumn }
  }
}
