import { isUtf8 } from 'node:buffer'

/**
 * Checks that the content of a primitive element has the one form that DER leaves to its type. Types that are not
 * listed, and all tags that are not universal, are taken as they are. Throws `SyntaxError`.
 */
export function checkPrimitive(tag: number, content: Uint8Array): void {
  const rule = RULES.get(tag)
  if (rule && !rule.holds(content)) throw new SyntaxError(`a DER ${rule.type} is malformed`)
}

interface PrimitiveRule {
  readonly type: string
  readonly holds: (content: Uint8Array) => boolean
}

/** By identifier octet. */
const RULES: ReadonlyMap<number, PrimitiveRule> = new Map([
  [0x01, { type: 'BOOLEAN', holds: isBoolean }],
  [0x02, { type: 'INTEGER', holds: isInteger }],
  [0x03, { type: 'BIT STRING', holds: isBitString }],
  [0x05, { type: 'NULL', holds: (content) => content.length === 0 }],
  [0x06, { type: 'OBJECT IDENTIFIER', holds: isObjectIdentifier }],
  [0x0a, { type: 'ENUMERATED', holds: isInteger }],
  [0x0c, { type: 'UTF8String', holds: (content) => isUtf8(content) }],
])

/** X.690 §11.1: TRUE is all ones. */
function isBoolean(content: Uint8Array): boolean {
  return content.length === 1 && (content[0] === 0x00 || content[0] === 0xff)
}

/** X.690 §8.3.2: the first nine bits are not all alike. */
function isInteger(content: Uint8Array): boolean {
  const [first, second] = content
  if (first === undefined) return false
  if (second === undefined) return true
  return !(first === 0x00 && second < 0x80) && !(first === 0xff && second >= 0x80)
}

/** X.690 §8.6.2 and §11.2.1: up to seven unused bits in the last octet, all of them zero. */
function isBitString(content: Uint8Array): boolean {
  const [unused] = content
  if (unused === undefined || unused > 7) return false
  if (content.length === 1) return unused === 0
  const last = content.at(-1) ?? 0
  return (last & ((1 << unused) - 1)) === 0
}

/** X.690 §8.19.2: each subidentifier is complete and in the fewest octets. */
function isObjectIdentifier(content: Uint8Array): boolean {
  const last = content.at(-1)
  if (last === undefined || last >= 0x80) return false
  return content.every((octet, index) => octet !== 0x80 || (content[index - 1] ?? 0) >= 0x80)
}
