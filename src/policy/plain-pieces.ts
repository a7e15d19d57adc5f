/**
 * Longest piece that is looked for by `indexOf`, which may compare the whole piece at each position: with a longest
 * length that still takes time in proportion to the text.
 */
const LONGEST = 32

/**
 * Whether a piece between two `*` is ordinary characters, and short. Halves of surrogate pairs are left out: as UTF-16
 * one would be found inside of a whole character.
 */
export function isPlain(piece: readonly number[]): boolean {
  return piece.length <= LONGEST && piece.every((code) => code >= 0 && (code < 0xd800 || code > 0xdfff))
}

/** A plain piece as a text. */
export function toText(piece: readonly number[]): string {
  return String.fromCodePoint(...piece)
}

/** Matches pieces with any characters between them; one piece is the whole text. */
export function compilePlainPieces(pieces: readonly string[]): (text: string) => boolean {
  const [first = '', ...middle] = pieces
  const last = middle.pop()
  if (last === undefined) return (text) => text === first
  return (text) => {
    const end = text.length - last.length
    if (end < first.length || !text.startsWith(first) || !text.endsWith(last)) return false
    let from = first.length
    for (const piece of middle) {
      const at = text.indexOf(piece, from)
      if (at < 0 || at + piece.length > end) return false
      from = at + piece.length
    }
    return true
  }
}
