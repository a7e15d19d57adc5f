/** Stands for `?` in a piece: any one character. */
export const ANY_CHARACTER = -1

/** A piece of a pattern between two `*`, made ready for searching. */
export interface PieceSearch {
  readonly length: number
  /** For each character of the piece, the positions at which it may stand, one bit a position. */
  readonly masks: ReadonlyMap<number, Uint32Array>
  /** The positions of `?`: what every other character may stand at. */
  readonly wild: Uint32Array
}

/** Prepares a piece, given as code points and `ANY_CHARACTER`; it has one character at least. */
export function prepareSearch(piece: readonly number[]): PieceSearch {
  const wild = new Uint32Array(Math.ceil(piece.length / 32))
  piece.forEach((code, at) => {
    if (code === ANY_CHARACTER) setBit(wild, at)
  })
  const masks = new Map<number, Uint32Array>()
  piece.forEach((code, at) => {
    if (code === ANY_CHARACTER) return
    const mask = masks.get(code) ?? wild.slice()
    setBit(mask, at)
    masks.set(code, mask)
  })
  return { length: piece.length, masks, wild }
}

/**
 * The position behind the first occurrence of a piece in `codes` from `from` on and before `end`; -1 if there is none.
 *
 * Shift-And (Baeza-Yates and Gonnet, 1992): one pass over the text, at each character one step for 32 characters of the
 * piece, whatever both hold. Comparing at each position in turn would take text times piece, which whoever writes the
 * policy and whoever sends the encryption context could drive up together.
 */
export function findPiece(
  search: PieceSearch,
  codes: readonly number[],
  { from, end }: { readonly from: number; readonly end: number },
): number {
  const last = search.length - 1
  const state = new Uint32Array(search.wild.length)
  for (let at = from; at < end; at++) {
    const mask = search.masks.get(Number(codes[at])) ?? search.wild
    let carry = 1
    for (let word = 0; word < state.length; word++) {
      const before = Number(state[word])
      state[word] = ((before << 1) | carry) & Number(mask[word])
      carry = before >>> 31
    }
    if (hasBit(state, last)) return at + 1
  }
  return -1
}

function setBit(words: Uint32Array, at: number): void {
  words[at >>> 5] = Number(words[at >>> 5]) | (1 << (at & 31))
}

function hasBit(words: Uint32Array, at: number): boolean {
  return ((Number(words[at >>> 5]) >>> (at & 31)) & 1) === 1
}
