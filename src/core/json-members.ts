/** A member of an object, or an element of an array, as it was written. */
export interface JsonMember {
  /** The name with its escapes undone; empty for an element of an array. */
  readonly name: string
  /** The value without the white space in front of it and behind it. */
  readonly text: string
}

/**
 * Splits the text of an object or an array into its members, each value as it was written, so that each can be judged
 * alone; names given twice come twice. `text` is known to be JSON, an object or an array.
 */
export function splitJson(text: string): readonly JsonMember[] {
  const members: JsonMember[] = []
  const body = text.trim()
  let name = ''
  let start = 1
  for (let at = 1; at < body.length; at++) {
    const character = body[at]
    if (character === '"') at = endOfString(body, at)
    else if (character === '{' || character === '[') at = endOfNested(body, at)
    else if (character === ':') {
      name = String(JSON.parse(body.slice(start, at)))
      start = at + 1
    } else if (character === ',' || at === body.length - 1) {
      const value = body.slice(start, at).trim()
      if (value !== '') members.push({ name, text: value })
      start = at + 1
    }
  }
  return members
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

/** The position of the quotation mark that closes the string opened at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

/** The same JSON without the white space between its tokens (RFC 8259 §2); strings stay as they were written. */
export function compactJson(text: string): string {
  const kept: string[] = []
  let start = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') at = endOfString(text, at)
    else if (' \t\n\r'.includes(text[at] ?? '')) {
      kept.push(text.slice(start, at))
      start = at + 1
    }
  }
  return [...kept, text.slice(start)].join('')
}
