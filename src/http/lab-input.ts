import { parseBase64 } from '../core/base64.ts'
import { parseHex } from '../core/bytes.ts'
import type { JsonObject, JsonValue } from '../core/json.ts'
import { parseRfc3339 } from '../core/rfc3339.ts'
import { HttpError } from './errors.ts'

/** Reads one member of an input: `undefined` where it is absent or `null`. Throws `HttpError` `ADMIN_INPUT_INVALID`. */
export type ReadMember<Value> = (input: JsonObject, member: string) => Value | undefined

/** The one place where a member of an admin request is refused: by its name and by what it has to be. */
export function refuseMember(member: string, wanted: string): HttpError {
  return new HttpError('ADMIN_INPUT_INVALID', `${member}: ${wanted}`)
}

/** Refuses members that are not in the list, since a misspelt one would otherwise mean its default. */
export function checkMemberNames(input: JsonObject, known: readonly string[]): void {
  const unknown = Object.keys(input).find((member) => !known.includes(member))
  if (unknown !== undefined) throw refuseMember(unknown.slice(0, 64), 'no such member')
}

function reader<Value>(wanted: string, parse: (value: JsonValue) => Value | undefined): ReadMember<Value> {
  return (input, member) => {
    const value = input[member] ?? null
    if (value === null) return undefined
    const parsed = parse(value)
    if (parsed === undefined) throw refuseMember(member, wanted)
    return parsed
  }
}

/** `true` or `false`. */
export const readBoolean: ReadMember<boolean> = reader('must be true or false', (value) =>
  typeof value === 'boolean' ? value : undefined,
)

/** A text that a pattern takes; `wanted` says what it has to be. */
export function readText(pattern: RegExp, wanted: string): ReadMember<string> {
  return reader(wanted, (value) => (typeof value === 'string' && pattern.test(value) ? value : undefined))
}

/** One of a list of texts. */
export function readOneOf<Text extends string>(texts: readonly Text[]): ReadMember<Text> {
  return reader(`must be one of ${texts.join(', ')}`, (value) => texts.find((text) => text === value))
}

/** Base64 of at most `limit` bytes. */
export function readBytes(limit: number): ReadMember<Uint8Array> {
  return reader(`must be base64 of at most ${limit} bytes`, (value) => {
    const bytes = typeof value === 'string' ? attempt(() => parseBase64(value)) : undefined
    return bytes && bytes.length <= limit ? bytes : undefined
  })
}

/** A time in the format of RFC 3339 §5.6. */
export const readTime: ReadMember<Date> = reader('must be a time as in RFC 3339', (value) =>
  typeof value === 'string' ? attempt(() => parseRfc3339(value)) : undefined,
)

/** Hexadecimal digits of exactly `length` bytes; `undefined` for anything else. */
export function parseHexOf(length: number, value: JsonValue): Uint8Array | undefined {
  const bytes = typeof value === 'string' ? attempt(() => parseHex(value)) : undefined
  return bytes?.length === length ? bytes : undefined
}

function attempt<Value>(parse: () => Value): Value | undefined {
  try {
    return parse()
  } catch {
    return undefined
  }
}
