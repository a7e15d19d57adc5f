import { endOfString, membersAt, wholeOf } from './json-spans.ts'

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
  return membersAt(text, wholeOf(text)).map(({ name, start, end }) => ({
    name,
    text: text.slice(start, end),
  }))
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
