import type { ConditionContext } from './condition-context.ts'
import { PolicyError } from './errors.ts'
import { quote } from './quote.ts'
import { readVariable } from './variable.ts'
import type { Pattern } from './wildcard.ts'
import { toLiteralPattern, toPattern } from './wildcard.ts'

/** A text of a policy with the policy variables in it. */
export interface Template {
  readonly pieces: readonly Piece[]
  /** Keys of the variables, as `ConditionContext` holds them. */
  readonly variables: readonly string[]
}

/** `text` is what the policy says, wildcards included; `literal` is a character that is none, such as `${*}`. */
type Piece =
  | { readonly kind: 'text' | 'literal'; readonly text: string }
  | { readonly kind: 'variable'; readonly foldedKey: string; readonly fallback: string | null }

/** A template whose variables have got their values. */
export interface ExpandedText {
  readonly text: string
  /** The same for operators that know wildcards: those of the policy count, those in values are ordinary characters. */
  readonly toPattern: () => Pattern
}

/** No value that a policy is compared with comes near; what is longer can be equal to none of them. */
const LIMIT_CHARACTERS = 131_072

/** A text in which `${…}` means nothing: of version 2008-10-17, or where variables do not count. */
export function plainTemplate(text: string): Template {
  return { pieces: [{ kind: 'text', text }], variables: [] }
}

/**
 * Reads a text of version 2012-10-17: `${key}`, `${key, 'default'}`, and `${*}`, `${?}`, `${$}` for the characters
 * themselves (IAM User Guide, IAM policy elements: Variables and tags). Throws `POLICY_VARIABLE_INVALID`, naming `path`.
 */
export function parseTemplate(text: string, path: string): Template {
  const pieces: Piece[] = []
  let from = 0
  for (let start = text.indexOf('${'); start >= 0; start = text.indexOf('${', from)) {
    const found = readVariable(text, start + 2)
    if (!found) {
      throw new PolicyError('POLICY_VARIABLE_INVALID', `${path}: ${quote(text)} has an ill-formed variable`)
    }
    if (start > from) pieces.push({ kind: 'text', text: text.slice(from, start) })
    pieces.push(found.piece)
    from = found.end
  }
  if (from < text.length || pieces.length === 0) pieces.push({ kind: 'text', text: text.slice(from) })
  return {
    pieces,
    variables: pieces.flatMap((piece) => (piece.kind === 'variable' ? [piece.foldedKey] : [])),
  }
}

/**
 * Puts the values of a request in. `null` where a variable has no value and no default, or more than one value: such a
 * text matches nothing (the same page, Policy variables with no value).
 */
export function expandTemplate({ pieces }: Template, context: ConditionContext): ExpandedText | null {
  const parts: { readonly literal: boolean; readonly text: string }[] = []
  let length = 0
  for (const piece of pieces) {
    const text = piece.kind === 'variable' ? valueOf(piece, context) : piece.text
    if (text === null) return null
    length += text.length
    if (length > LIMIT_CHARACTERS) return null
    parts.push({ literal: piece.kind !== 'text', text })
  }
  return {
    text: parts.map(({ text }) => text).join(''),
    toPattern: () => parts.flatMap(({ literal, text }) => (literal ? toLiteralPattern : toPattern)(text)),
  }
}

function valueOf(
  { foldedKey, fallback }: { readonly foldedKey: string; readonly fallback: string | null },
  context: ConditionContext,
): string | null {
  const values = context.get(foldedKey)
  if (!values) return fallback
  // Keys with several values, or with none, cannot be used as variables.
  const [value = null, ...others] = values
  return others.length === 0 ? value : null
}
