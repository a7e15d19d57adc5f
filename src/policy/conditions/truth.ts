/** Reads the two words that `Bool` and `Null` take, in any case; `undefined` if one is another. */
export function parseTruths(texts: readonly string[]): ReadonlySet<boolean> | undefined {
  const truths = texts.map((text) => TRUTHS.get(text.toLowerCase()))
  const known = truths.filter((truth) => truth !== undefined)
  return known.length === texts.length ? new Set(known) : undefined
}

const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
])
