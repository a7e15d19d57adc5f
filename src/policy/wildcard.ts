import type { PieceSearch } from './piece-search.ts'
import { ANY_CHARACTER, findPiece, prepareSearch } from './piece-search.ts'

/** Whether a text is what was asked for. */
export type TextTest = (text: string) => boolean

/**
 * Makes a pattern ready for matching: `*` stands for any characters or none, `?` for exactly one (IAM User Guide,
 * String condition operators). Everything else stands for itself; there is no way to escape the two. No regular
 * expression is made, and nothing is ever tried twice.
 */
export function compileWildcard(pattern: string): TextTest {
  if (/^\*+$/.test(pattern)) return () => true
  if (!/[*?]/.test(pattern)) return (text) => text === pattern
  const [first = [], ...rest] = pattern.split('*').map(toPiece)
  const last = rest.pop()
  if (last === undefined) return (text) => isWhole(first, toCodes(text))
  const middle = rest.filter((piece) => piece.length > 0).map(prepareSearch)
  return (text) => matchesPieces({ first, middle, last }, toCodes(text))
}

interface Pieces {
  readonly first: readonly number[]
  readonly middle: readonly PieceSearch[]
  readonly last: readonly number[]
}

/** First and last piece have their places; of each one between, the first occurrence leaves most to the rest. */
function matchesPieces({ first, middle, last }: Pieces, codes: readonly number[]): boolean {
  const end = codes.length - last.length
  if (end < first.length || !standsAt(first, codes, 0) || !standsAt(last, codes, end)) return false
  let from = first.length
  for (const search of middle) {
    from = findPiece(search, codes, { from, end })
    if (from < 0) return false
  }
  return true
}

function isWhole(piece: readonly number[], codes: readonly number[]): boolean {
  return piece.length === codes.length && standsAt(piece, codes, 0)
}

function standsAt(piece: readonly number[], codes: readonly number[], at: number): boolean {
  return piece.every((code, offset) => code === ANY_CHARACTER || code === codes[at + offset])
}

function toPiece(text: string): readonly number[] {
  return toCodes(text).map((code) => (code === 0x3f ? ANY_CHARACTER : code))
}

/** Code points, so that `?` takes a character outside the Basic Multilingual Plane whole. */
function toCodes(text: string): readonly number[] {
  const codes: number[] = []
  for (let at = 0; at < text.length; at++) {
    const code = Number(text.codePointAt(at))
    codes.push(code)
    if (code > 0xffff) at++
  }
  return codes
}
