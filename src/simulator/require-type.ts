/*
 * What the types rule out, and plain JavaScript does not: such a value would be taken for another one, and a document or a
 * lab come out that nobody asked for. It is a mistake of the calling program, hence `TypeError`.
 */

/** Refuses anything but a text. Throws `TypeError` with the name. */
export function requireText(name: string, value: unknown): void {
  if (typeof value !== 'string') throw new TypeError(`${name} is a text`)
}

/** Refuses anything but bytes. Throws `TypeError` with the name. */
export function requireBytes(name: string, value: unknown): void {
  if (!(value instanceof Uint8Array)) throw new TypeError(`${name} is a Uint8Array`)
}

/** Refuses anything but a `Date`, valid or not. Throws `TypeError` with the name. */
export function requireDate(name: string, value: unknown): void {
  if (!(value instanceof Date)) throw new TypeError(`${name} is a Date`)
}

/** Refuses anything but one of some texts. Throws `TypeError` with the name and the texts. */
export function requireOneOf(name: string, value: unknown, choices: readonly string[]): void {
  if (!choices.some((choice) => choice === value)) {
    throw new TypeError(`${name} is one of ${choices.join(', ')}`)
  }
}
