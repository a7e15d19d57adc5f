/** A JSON value as it is read: objects have no prototype, so a member named `constructor` is data. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject

/** A JSON object as it is read. */
export interface JsonObject {
  readonly [member: string]: JsonValue
}

/** How deep arrays and objects may lie in one another. */
const DEPTH_LIMIT = 64

/**
 * Reads JSON (RFC 8259) strictly: a member given twice in one object, at any depth, is refused, because the
 * first-wins and the last-wins reader would see two different texts; so is nesting over 64 levels.
 * Throws `SyntaxError` whose message names no value of the text.
 */
export function parseJson(text: string): JsonValue {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new SyntaxError('not JSON')
  }
  refuseRepeatedMembers(text)
  return withoutPrototypes(value)
}

/** Whether a JSON value is an object. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function withoutPrototypes(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(withoutPrototypes)
  if (typeof value === 'object' && value !== null) {
    const plain = Object.create(null) as Record<string, JsonValue>
    for (const [member, inner] of Object.entries(value)) plain[member] = withoutPrototypes(inner)
    return plain
  }
  // What JSON.parse makes is null, a boolean, a number or a text beside arrays and objects.
  return value as null | boolean | number | string
}

/** Walks a text that is known to be JSON, so only strings and the four brackets matter. */
function refuseRepeatedMembers(text: string): void {
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '{' || character === '[') {
      open.push(character === '{' ? new Set() : undefined)
      if (open.length > DEPTH_LIMIT) throw new SyntaxError('nested too deeply')
    } else if (character === '}' || character === ']') {
      open.pop()
    } else if (character === '"') {
      const start = at
      const end = endOfString(text, at)
      const members = open.at(-1)
      at = skipWhiteSpace(text, end + 1)
      // A string in front of a colon is the name of a member; any other is a value.
      if (members && text[at] === ':') addMember(members, text.slice(start, end + 1))
      else at--
    }
  }
}

function addMember(members: Set<string>, quoted: string): void {
  // Two spellings of one name, one of them with an escape, are one member.
  const member: unknown = quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1)
  if (typeof member !== 'string' || members.has(member)) throw new SyntaxError('a member is given twice')
  members.add(member)
}

/** The first position from `at` on that holds no white space (RFC 8259 §2). */
function skipWhiteSpace(text: string, at: number): number {
  let position = at
  while (position < text.length && ' \t\n\r'.includes(text[position] ?? '')) position++
  return position
}

/** The position of the quotation mark that closes the string opened at `start`. */
function endOfString(text: string, start: number): number {
  // Blobs are long strings without escapes: searching for the mark is far cheaper than walking to it.
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end === -1 ? text.length : end
}

/** Whether an odd number of backslashes stands in front of a position. */
function isEscaped(text: string, at: number): boolean {
  let first = at
  while (text[first - 1] === '\\') first--
  return (at - first) % 2 === 1
}
