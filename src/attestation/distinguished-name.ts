import { toHex } from '../core/bytes.ts'
import type { DerElement } from './der.ts'
import { DER_OBJECT_IDENTIFIER, DER_SEQUENCE, DER_SET, derContent } from './der.ts'

/** Short names of attribute types by their OID, content octets in hexadecimal digits (RFC 4514 §3). */
const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['550403', 'CN'],
  ['550406', 'C'],
  ['550407', 'L'],
  ['550408', 'ST'],
  ['55040a', 'O'],
  ['55040b', 'OU'],
])

/** Whether an element is a Name: a SEQUENCE of SETs of pairs of type and value (RFC 5280 §4.1.2.4). */
export function isName(element: DerElement): boolean {
  return element.tag === DER_SEQUENCE && element.children.every(isRelativeName)
}

function isRelativeName(element: DerElement): boolean {
  return element.tag === DER_SET && element.children.length > 0 && element.children.every(isAttribute)
}

function isAttribute(element: DerElement): boolean {
  const [type] = element.children
  return element.tag === DER_SEQUENCE && element.children.length === 2 && type?.tag === DER_OBJECT_IDENTIFIER
}

/**
 * The text of a Name, as RFC 4514 writes it: last part first. Characters outside printable ASCII are written as
 * hexadecimal digits, so that no name can forge a line of a log. `element` is one that `isName` holds for.
 */
export function toNameText(element: DerElement): string {
  let text = ''
  for (const set of element.children) {
    const part = set.children.length === 1 ? toAttributeText(set.children[0]) : toMultiValuedText(set)
    text = text === '' ? part : `${part},${text}`
  }
  return text
}

function toMultiValuedText(set: DerElement): string {
  return set.children.map(toAttributeText).join('+')
}

function toAttributeText(attribute: DerElement | undefined): string {
  const [type, value] = attribute?.children ?? []
  const oid = type ? toHex(derContent(type)) : ''
  const text = value ? escapeValue(derContent(value)) : ''
  return `${SHORT_NAMES.get(oid) ?? `oid.${oid}`}=${text}`
}

/** RFC 4514 §2.4. */
function escapeValue(content: Uint8Array): string {
  const plain = Buffer.from(content.buffer, content.byteOffset, content.length).toString('latin1')
  if (/^[\w.:/-]+$/.test(plain)) return plain
  return Array.from(content, (octet, index) => {
    const character = String.fromCharCode(octet)
    const isEdge = index === 0 || index === content.length - 1
    if (octet < 0x20 || octet > 0x7e) return `\\${toHex(Uint8Array.of(octet))}`
    if ('",+;<>\\'.includes(character) || (character === ' ' && isEdge)) return `\\${character}`
    return character === '#' && index === 0 ? '\\#' : character
  }).join('')
}
