/** A text of at most `limit` UTF-16 units; `…` behind it shows that it was longer. */
export function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit)}…` : text
}
