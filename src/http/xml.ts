/** An XML element: its text, or the elements in it by name, in order. No attributes but a namespace. */
export interface XmlMembers {
  readonly [name: string]: string | XmlMembers
}

/** Writes elements (XML 1.0 §2.4, §2.2). Names are our own; texts may be anything. */
export function writeXml(members: XmlMembers): string {
  return Object.entries(members)
    .map(
      ([name, content]) =>
        `<${name}>${typeof content === 'string' ? escapeXml(content) : writeXml(content)}</${name}>`,
    )
    .join('')
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  // Readers take a bare one for the end of a line.
  ['\r', '&#xD;'],
])

/** Characters that no XML document can hold, escaped or not, become question marks. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '?')
    .replaceAll(/[&<>\r]/g, (character) => ESCAPES.get(character) ?? '')
}
