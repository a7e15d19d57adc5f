import { foldKey } from './condition-context.ts'

/** What stands between `${` and `}`, and the position behind the `}`. */
export interface FoundVariable {
  readonly piece:
    | { readonly kind: 'literal'; readonly text: string }
    | { readonly kind: 'variable'; readonly foldedKey: string; readonly fallback: string | null }
  readonly end: number
}

const SPECIAL: ReadonlySet<string> = new Set(['*', '?', '$'])

/** Reads a policy variable whose name begins at `start`; `undefined` where it is ill-formed. */
export function readVariable(text: string, start: number): FoundVariable | undefined {
  const close = text.indexOf('}', start)
  if (close < 0) return undefined
  const body = text.slice(start, close)
  if (SPECIAL.has(body)) return { piece: { kind: 'literal', text: body }, end: close + 1 }
  const comma = body.indexOf(',')
  const name = comma < 0 ? body : body.slice(0, comma)
  // A name with a space at its edge is not the key that was meant, and its default would stand in for a value.
  if (!/^[^'"${*?]+$/.test(name) || name !== name.trim()) return undefined
  const foldedKey = foldKey(name)
  if (comma < 0) return { piece: { kind: 'variable', foldedKey, fallback: null }, end: close + 1 }
  const fallback = readDefault(text, start + comma + 1)
  return fallback && { piece: { kind: 'variable', foldedKey, fallback: fallback.text }, end: fallback.end }
}

/** Reads `'default'}` with spaces around it; a brace inside the quotation marks is part of the default. */
function readDefault(
  text: string,
  start: number,
): { readonly text: string; readonly end: number } | undefined {
  const open = skipSpaces(text, start)
  if (text[open] !== "'") return undefined
  const close = text.indexOf("'", open + 1)
  if (close < 0) return undefined
  const end = skipSpaces(text, close + 1)
  return text[end] === '}' ? { text: text.slice(open + 1, close), end: end + 1 } : undefined
}

function skipSpaces(text: string, start: number): number {
  let at = start
  while (text[at] === ' ') at++
  return at
}
