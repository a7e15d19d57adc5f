import { toHex } from '../core/bytes.ts'
import { CBOR_MAJOR } from './cbor-head.ts'
import type { LooseItem } from './loose-cbor.ts'
import { entriesOf } from './loose-cbor.ts'
import { toPrintable } from './printable.ts'

/** How much of an item is written: enough to recognize it. */
const TEXT_CHARACTERS = 48
const BYTES_SHOWN = 12
const ITEMS_SHOWN = 4
const DEPTH_SHOWN = 3

/**
 * Writes a CBOR item as RFC 8949 §8 does, shortened where it is long or deep, in printable ASCII apart from the `…` that
 * stands for what is left out. For people only: it is not read back.
 */
export function toDiagnosticNotation(item: LooseItem, depth = 1): string {
  const { tags, isCut } = item
  const opening = tags.slice(0, ITEMS_SHOWN).map((tag) => `${tag}(`)
  return `${opening.join('')}${untagged(item, depth)}${')'.repeat(opening.length)}${isCut ? ' (cut off)' : ''}`
}

function untagged(item: LooseItem, depth: number): string {
  const { major, argument, content, items } = item
  switch (major) {
    case CBOR_MAJOR.unsigned:
      return String(argument)
    case CBOR_MAJOR.negative:
      return String(-1n - argument)
    case CBOR_MAJOR.bytes:
      return bytesText(content)
    case CBOR_MAJOR.text:
      return `"${shorten(toPrintable(Buffer.from(content).toString())).replaceAll('"', '\\"')}"`
    case CBOR_MAJOR.array:
      return `[${listText(
        items.map((inner) => [inner]),
        depth,
      )}]`
    case CBOR_MAJOR.map:
      return `{${listText(entriesOf(item), depth)}}`
    default:
      return simpleText(item)
  }
}

function bytesText(content: Uint8Array): string {
  const shown = toHex(content.subarray(0, BYTES_SHOWN))
  return content.length > BYTES_SHOWN ? `h'${shown}…' (${content.length} bytes)` : `h'${shown}'`
}

/** What stands between the brackets of an array or a map. */
function listText(members: readonly (readonly LooseItem[])[], depth: number): string {
  if (members.length > 0 && depth >= DEPTH_SHOWN) return '…'
  const shown = members
    .slice(0, ITEMS_SHOWN)
    .map((member) => member.map((inner) => toDiagnosticNotation(inner, depth + 1)).join(': '))
  return [...shown, ...(members.length > ITEMS_SHOWN ? [`… (${members.length})`] : [])].join(', ')
}

/** Cuts a text to what fits beside other things, and says how long it is. */
export function shorten(text: string, limit = TEXT_CHARACTERS): string {
  return text.length > limit ? `${text.slice(0, limit)}… (${text.length} characters)` : text
}

/** RFC 8949 §3.3. */
function simpleText({ information, argument }: LooseItem): string {
  const value = { 20: 'false', 21: 'true', 22: 'null', 23: 'undefined' }[information]
  if (value !== undefined) return value
  const bits = { 25: 16, 26: 32, 27: 64 }[information]
  return bits === undefined ? `simple(${argument})` : floatText(argument, bits)
}

function floatText(argument: bigint, bits: number): string {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, argument << BigInt(64 - bits))
  if (bits === 64) return `${view.getFloat64(0)} (a float)`
  return bits === 32 ? `${view.getFloat32(0)} (a float)` : 'a float of 16 bits'
}
