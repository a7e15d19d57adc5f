/**
 * A text of a request for a terminal: what would move the cursor, change colours or reverse the order of reading is
 * shown by its code point, so that a request cannot forge the explanation of its own refusal.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${Number(character.codePointAt(0)).toString(16)}}`
  })
}
