/** A text with everything but printable ASCII written as `\u{…}`, so that it cannot steer a terminal or forge a line. */
export function toPrintable(text: string): string {
  return text.replaceAll(
    /[^\x20-\x7e]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`,
  )
}
