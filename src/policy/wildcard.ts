import type { PieceSearch } from './piece-search.ts'
import { ANY_CHARACTER, findPiece, prepareSearch } from './piece-search.ts'
import { compilePlainPieces, isPlain, toText } from './plain-pieces.ts'

/** Whether a text is what was asked for. */
export type TextTest = (text: string) => boolean

/** A pattern, character by character: code points, `ANY_CHARACTER` and `ANY_RUN`. */
export type Pattern = readonly number[]

/** Stands for `*` in a pattern: any characters or none. */
const ANY_RUN = -2

/** Reads a pattern: `*` and `?` are wildcards, all else stands for itself; there is no way to escape the two. */
export function toPattern(text: string): Pattern {
  return toCodes(text).map((code) => (code === 0x2a ? ANY_RUN : code === 0x3f ? ANY_CHARACTER : code))
}

/** The pattern that one text alone matches. */
export function toLiteralPattern(text: string): Pattern {
  return toCodes(text)
}

/** Makes a text with wildcards ready for matching, as `compilePattern`. */
export function compileWildcard(text: string): TextTest {
  if (!/[*?]/.test(text)) return (other) => text === other
  return compilePattern(toPattern(text))
}

/**
 * Makes a pattern ready for matching: `*` stands for any characters or none, `?` for exactly one (IAM User Guide,
 * String condition operators). No regular expression is made, and nothing is ever tried twice.
 */
export function compilePattern(pattern: Pattern): TextTest {
  if (pattern.length > 0 && pattern.every((symbol) => symbol === ANY_RUN)) return () => true
  const pieces = splitPattern(pattern, ANY_RUN)
  if (pieces.every(isPlain)) return compilePlainPieces(pieces.map(toText))
  const [first = [], ...rest] = pieces
  const last = rest.pop()
  if (last === undefined) return (text) => isWhole(first, toCodes(text))
  const middle = rest.filter((piece) => piece.length > 0).map(prepareSearch)
  return (text) => matchesPieces({ first, middle, last }, toCodes(text))
}

/** Splits a pattern at each place where `symbol` stands; what lies behind the `most`-th piece stays with that piece. */
export function splitPattern(pattern: Pattern, symbol: number, most = Infinity): readonly Pattern[] {
  const pieces: Pattern[] = []
  let start = 0
  for (let at = 0; at < pattern.length && pieces.length + 1 < most; at++) {
    if (pattern[at] !== symbol) continue
    pieces.push(pattern.slice(start, at))
    start = at + 1
  }
  return [...pieces, pattern.slice(start)]
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
