const LONGEST = 120

/** A text of a policy or a request for people to read: quoted, control characters escaped, cut where it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
}

/** Several texts, quoted; behind the third only their number. */
export function quoteList(texts: readonly string[]): string {
  const shown = texts.slice(0, 3).map(quote).join(', ')
  return texts.length > 3 ? `${shown} and ${texts.length - 3} more` : shown
}
