import { isUtf8 } from 'node:buffer'

/** A primitive element: its identifier octet, and where its content lies. */
export interface DerPrimitive {
  readonly bytes: Uint8Array
  readonly tag: number
  readonly contentStart: number
  readonly end: number
}

/**
 * Checks that the content of a primitive element has the one form that DER leaves to its type. Types that are not
 * listed, and all tags that are not universal, are taken as they are. Throws `SyntaxError`.
 */
export function checkPrimitive(element: DerPrimitive): void {
  const rule = RULES[element.tag]
  if (rule && !rule.holds(element)) throw new SyntaxError(`a DER ${rule.type} is malformed`)
}

interface PrimitiveRule {
  readonly type: string
  readonly holds: (element: DerPrimitive) => boolean
}

/** By identifier octet. */
const RULES: readonly (PrimitiveRule | undefined)[] = Array.from({ length: 256 }, (_, tag) => ruleOf(tag))

function ruleOf(tag: number): PrimitiveRule | undefined {
  switch (tag) {
    case 0x01:
      return { type: 'BOOLEAN', holds: isBoolean }
    case 0x02:
      return { type: 'INTEGER', holds: isInteger }
    case 0x03:
      return { type: 'BIT STRING', holds: isBitString }
    case 0x05:
      return { type: 'NULL', holds: ({ contentStart, end }) => contentStart === end }
    case 0x06:
      return { type: 'OBJECT IDENTIFIER', holds: isObjectIdentifier }
    case 0x0a:
      return { type: 'ENUMERATED', holds: isInteger }
    case 0x0c:
      return { type: 'UTF8String', holds: isUtf8String }
    default:
      return undefined
  }
}

/** X.690 §11.1: TRUE is all ones. */
function isBoolean({ bytes, contentStart, end }: DerPrimitive): boolean {
  return end - contentStart === 1 && (bytes[contentStart] === 0x00 || bytes[contentStart] === 0xff)
}

/** X.690 §8.3.2: the first nine bits are not all alike. */
function isInteger({ bytes, contentStart, end }: DerPrimitive): boolean {
  if (end - contentStart <= 1) return end > contentStart
  const [first, second] = [bytes[contentStart] ?? 0, bytes[contentStart + 1] ?? 0]
  return !(first === 0x00 && second < 0x80) && !(first === 0xff && second >= 0x80)
}

/** X.690 §8.6.2 and §11.2.1: up to seven unused bits in the last octet, all of them zero. */
function isBitString({ bytes, contentStart, end }: DerPrimitive): boolean {
  if (contentStart === end) return false
  const unused = bytes[contentStart] ?? 0
  if (unused > 7) return false
  if (end - contentStart === 1) return unused === 0
  const last = bytes[end - 1] ?? 0
  return (last & ((1 << unused) - 1)) === 0
}

/** X.690 §8.19.2: each subidentifier is complete and in the fewest octets. */
function isObjectIdentifier({ bytes, contentStart, end }: DerPrimitive): boolean {
  if (contentStart === end) return false
  let isFirstOctet = true
  for (let at = contentStart; at < end; at++) {
    const octet = bytes[at] ?? 0
    if (isFirstOctet && octet === 0x80) return false
    isFirstOctet = octet < 0x80
  }
  return isFirstOctet
}

/** X.690 §8.23.10; nearly all of it is ASCII, which needs no view of its own. */
function isUtf8String({ bytes, contentStart, end }: DerPrimitive): boolean {
  let at = contentStart
  while (at < end && (bytes[at] ?? 0) < 0x80) at++
  return at === end || isUtf8(bytes.subarray(at, end))
}
