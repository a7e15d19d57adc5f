/** A part of a text, from its first character to behind its last. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** A member of an object or an element of an array, by its value. */
export interface MemberSpan extends Span {
  /** The name with its escapes undone; empty for an element of an array. */
  readonly name: string
}

/** The members of the object, or the elements of the array, that a span of a text is; the text is known to be JSON. */
export function membersAt(text: string, { start, end }: Span): readonly MemberSpan[] {
  const members: MemberSpan[] = []
  let name = ''
  let from = start + 1
  for (let at = start + 1; at < end; at++) {
    const character = text[at]
    if (character === '"') at = endOfString(text, at)
    else if (character === '{' || character === '[') at = endOfNested(text, at)
    else if (character === ':') {
      name = String(JSON.parse(text.slice(from, at)))
      from = at + 1
    } else if (character === ',' || at === end - 1) {
      const value = trimmed(text, { start: from, end: at })
      if (value.end > value.start) members.push({ name, ...value })
      from = at + 1
    }
  }
  return members
}

/** The span of a whole text without the white space around it. */
export function wholeOf(text: string): Span {
  return trimmed(text, { start: 0, end: text.length })
}

function trimmed(text: string, { start, end }: Span): Span {
  let [first, last] = [start, end]
  while (first < last && isWhite(text, first)) first++
  while (last > first && isWhite(text, last - 1)) last--
  return { start: first, end: last }
}

/** White space of JSON (RFC 8259 §2). */
function isWhite(text: string, at: number): boolean {
  return ' \t\n\r'.includes(text[at] ?? '')
}

/** The position of the bracket that closes the one at `start`. */
function endOfNested(text: string, start: number): number {
  let depth = 0
  let at = start
  for (; at < text.length; at++) {
    const character = text[at]
    if (character === '"') at = endOfString(text, at)
    else if (character === '{' || character === '[') depth++
    else if ((character === '}' || character === ']') && --depth === 0) break
  }
  return at
}

/** The position of the quotation mark that closes the string opened at `start`, in a text that is known to be JSON. */
export function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
