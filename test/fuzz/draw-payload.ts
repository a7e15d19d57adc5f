import type { CborEntryNode, CborNode } from '../support/attestation/cbor-tree.ts'
import type { Dice } from '../support/attestation/mutations.ts'
import { between, choose, drawBytes, drawLength, once, shuffle } from './choose.ts'
import type { Recipient } from './recipients.ts'

/** What a payload is drawn from. */
export interface PayloadSource {
  /** DER, root first, leaf last. */
  readonly certificates: readonly Uint8Array[]
  /** Milliseconds since 1970. */
  readonly timestamp: number
  readonly recipient: Recipient
}

const bytesNode = (content: Uint8Array): CborNode => ({ type: 'bytes', content })
export const textNode = (content: string): CborNode => ({ type: 'text', content })
export const unsignedNode = (argument: number | bigint): CborNode => ({
  type: 'unsigned',
  argument: BigInt(argument),
})
const NULL: CborNode = { type: 'simple', value: null }

/** A good payload in any of the forms that it may have. */
export function drawPayload(dice: Dice, { certificates, timestamp, recipient }: PayloadSource): CborNode {
  const fields: readonly (readonly [string, CborNode | null])[] = [
    ['module_id', textNode(drawModuleId(dice))],
    ['digest', textNode('SHA384')],
    ['timestamp', unsignedNode(timestamp)],
    [choose(dice, ['pcrs', 'pcrs', 'nitrotpm_pcrs']), drawPcrs(dice)],
    ['certificate', bytesNode(certificates.at(-1) ?? new Uint8Array())],
    ['cabundle', { type: 'array', open: once(dice, 8), items: certificates.slice(0, -1).map(bytesNode) }],
    ['public_key', recipient.bytes ? bytesNode(recipient.bytes) : once(dice, 4) ? null : NULL],
    ['user_data', drawOptional(dice)],
    ['nonce', drawOptional(dice)],
    ...(once(dice, 4) ? [[drawUnknownName(dice), drawTree(dice, 4)] as const] : []),
  ]
  const entries = fields.flatMap(([name, value]): readonly CborEntryNode[] =>
    value ? [[textNode(name), value]] : [],
  )
  return { type: 'map', open: once(dice, 2), entries: once(dice, 3) ? shuffle(dice, entries) : entries }
}

function drawModuleId(dice: Dice): string {
  const hex = Buffer.from(drawBytes(dice, 8)).toString('hex')
  const odd = String.fromCharCode(
    ...Array.from({ length: between(dice, 1, 256) }, () => between(dice, 0x21, 0x7e)),
  )
  return choose(dice, [`i-0${hex}-enc${hex}`, `i-0${hex}-tpm0000000000000000`, odd])
}

/** Any of the registers, at any place, of any content. */
function drawPcrs(dice: Dice): CborNode {
  const count = choose(dice, [16, 16, 17, 24, 32, 1, between(dice, 1, 32)])
  const indexes = Array.from({ length: 32 }, (_, index) => index)
  const chosen = once(dice, 3) ? shuffle(dice, indexes).slice(0, count) : indexes.slice(0, count)
  const entries = chosen.map((index): CborEntryNode => {
    const content = choose(dice, [new Uint8Array(48), new Uint8Array(48).fill(0xff), drawBytes(dice, 48)])
    return [unsignedNode(index), bytesNode(content)]
  })
  return { type: 'map', open: once(dice, 8), entries }
}

/** Absent, null, or bytes of any permitted length. */
function drawOptional(dice: Dice): CborNode | null {
  return choose(dice, [null, NULL, NULL, bytesNode(drawBytes(dice, drawLength(dice, 1024)))])
}

export const drawUnknownName = (dice: Dice): string =>
  choose(dice, ['__proto__', 'constructor', 'Digest', 'module_id ', 'pcr', '', 'é', 'toString']) +
  String(dice(3) || '')

/** Any item of at most so many levels that the reader takes. */
export function drawTree(dice: Dice, levels: number): CborNode {
  const kind = dice(levels > 1 ? 9 : 6)
  const argument = choose(dice, [
    BigInt(dice(24)),
    BigInt(dice(2 ** 31)),
    2n ** BigInt(dice(64)),
    2n ** 64n - 1n,
  ])
  if (kind === 0) return { type: 'unsigned', argument }
  if (kind === 1) return { type: 'negative', argument }
  if (kind === 2) return bytesNode(drawBytes(dice, dice(30)))
  if (kind === 3) return textNode(choose(dice, ['', 'a', 'é€😀', '\0', 'pcrs', 'x'.repeat(dice(300))]))
  if (kind < 6) return { type: 'simple', value: choose(dice, [null, true, false]) }
  const items = Array.from({ length: dice(4) }, () => drawTree(dice, levels - 1))
  if (kind < 8) return { type: 'array', open: once(dice, 2), items }
  // Keys that cannot be the same.
  const entries = items.map((value, index): CborEntryNode => [
    choose(dice, [unsignedNode(index), textNode(`k${index}`)]),
    value,
  ])
  return { type: 'map', open: once(dice, 2), entries }
}
