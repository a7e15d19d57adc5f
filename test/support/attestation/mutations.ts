import type { CborItem } from '../../../src/attestation/cbor-walk.ts'
import { walkCbor } from '../../../src/attestation/cbor-walk.ts'
import type { DerElement } from '../../../src/attestation/der.ts'
import { derContent, derEncoding, parseDer } from '../../../src/attestation/der.ts'
import { array, bytes as byteString, longHead } from './cbor-bytes.ts'
import { tlv } from './der-bytes.ts'

/** A number from 0 up to, not including, `limit`. */
export type Dice = (limit: number) => number

/** Dice that fall the same way for the same seed (mulberry32). */
export function makeDice(seed: number): Dice {
  let state = seed >>> 0
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
}

/** Changes a good document somehow; `other` is another good one to take parts from. */
export function mutate(document: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  const mutations = [mutateBytes, mutateBytes, mutateItem, mutateItem, mutateCertificate, mutateFrame]
  return pick(mutations, dice)(document, other, dice)
}

function pick<Choice>(choices: readonly Choice[], dice: Dice): Choice {
  const choice = choices[dice(choices.length)]
  if (choice === undefined) throw new RangeError('nothing to choose from')
  return choice
}

function splice(
  bytes: Uint8Array,
  start: number,
  end: number,
  ...inserted: readonly Uint8Array[]
): Uint8Array {
  return Uint8Array.from(Buffer.concat([bytes.subarray(0, start), ...inserted, bytes.subarray(end)]))
}

/** Without any regard for structure. */
function mutateBytes(document: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  const at = dice(document.length)
  const end = Math.min(document.length, at + 1 + dice(40))
  const changes = [
    () => document.with(at, (document[at] ?? 0) ^ (1 << dice(8))),
    () => document.with(at, dice(256)),
    () => splice(document, at, end),
    () => splice(document, at, at, document.subarray(at, end)),
    () => splice(document, at, end, other.subarray(at, end)),
    () =>
      splice(
        document,
        at,
        at,
        Uint8Array.from({ length: 1 + dice(4) }, () => dice(256)),
      ),
    () => document.subarray(0, at),
  ]
  return pick(changes, dice)()
}

/** The four elements of COSE_Sign1. */
function elementsOf(document: Uint8Array): readonly Uint8Array[] {
  return walkCbor(document).items.map(({ start, end }) => document.subarray(start, end))
}

function payloadOf(document: Uint8Array): Uint8Array {
  const payload = walkCbor(document).items[2]
  return payload ? document.subarray(payload.contentStart, payload.end) : new Uint8Array()
}

/** The document with another payload, its length put right. */
function withPayload(document: Uint8Array, payload: Uint8Array): Uint8Array {
  return array(...elementsOf(document).map((element, index) => (index === 2 ? byteString(payload) : element)))
}

const flatten = (item: CborItem): readonly CborItem[] => [item, ...item.items.flatMap(flatten)]

/** Changes one CBOR item of the payload and keeps what is around it whole. */
function mutateItem(document: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  const [payload, foreign] = [payloadOf(document), payloadOf(other)]
  const { start, end, major, contentStart } = pick(flatten(walkCbor(payload)), dice)
  const [own, donor] = [pick(flatten(walkCbor(payload)), dice), pick(flatten(walkCbor(foreign)), dice)]
  const item = payload.subarray(start, end)
  const changes = [
    () => splice(payload, start, end),
    () => splice(payload, start, end, item, item),
    () => splice(payload, start, end, payload.subarray(own.start, own.end)),
    () => splice(payload, start, end, foreign.subarray(donor.start, donor.end)),
    () => splice(payload, start, start, Uint8Array.of(0xc0 | dice(24))),
    () => splice(payload, start, contentStart, longHead(major, Math.max(end - contentStart, 0), 4)),
    () => splice(payload, start, end, Uint8Array.of(0x9f), item, Uint8Array.of(0xff)),
    () =>
      splice(
        payload,
        start,
        end,
        Uint8Array.of(pick([0xf4, 0xf6, 0xf7, 0x00, 0x20, 0x40, 0x60, 0x80, 0xa0], dice)),
      ),
    () => splice(payload, end - 1, end, Uint8Array.of(dice(256))),
  ]
  return withPayload(document, pick(changes, dice)())
}

/** Changes one DER element of one certificate; lengths around it, in DER and CBOR, are put right. */
function mutateCertificate(document: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  const payload = payloadOf(document)
  const [item, donor] = [pick(certificatesOf(payload), dice), pick(certificatesOf(payloadOf(other)), dice)]
  const { start, end, contentStart } = item
  const root = parseDer(payload.subarray(contentStart, end))
  const donorRoot = parseDer(payloadOf(other).subarray(donor.contentStart, donor.end))
  const target = pick(elementsIn(root), dice)
  const replacement = mutateElement(target, pick(elementsIn(donorRoot), dice), dice)
  return withPayload(document, splice(payload, start, end, byteString(rewrite(root, target, replacement))))
}

const certificatesOf = (payload: Uint8Array): readonly CborItem[] =>
  flatten(walkCbor(payload)).filter(
    ({ major, contentStart, end }) =>
      major === 2 && end - contentStart > 400 && payload[contentStart] === 0x30,
  )
const elementsIn = (element: DerElement): readonly DerElement[] => [
  element,
  ...element.children.flatMap(elementsIn),
]

function mutateElement(target: DerElement, donor: DerElement, dice: Dice): Uint8Array {
  const [encoding, content] = [derEncoding(target), derContent(target)]
  const at = dice(Math.max(content.length, 1))
  const changes = [
    () => new Uint8Array(),
    () => Uint8Array.from([...encoding, ...encoding]),
    () => derEncoding(donor),
    () => tlv(dice(256), content),
    () =>
      tlv(
        target.tag,
        content.map((octet, index) => (index === at ? octet ^ (1 << dice(8)) : octet)),
      ),
    () => tlv(target.tag, content.subarray(0, at)),
    () => tlv(target.tag, content, Uint8Array.of(0)),
    () => Uint8Array.from([target.tag, 0x80, ...content, 0, 0]),
    () => Uint8Array.from([target.tag, 0x83, 0, content.length >> 8, content.length & 0xff, ...content]),
  ]
  return pick(changes, dice)()
}

function rewrite(element: DerElement, target: DerElement, replacement: Uint8Array): Uint8Array {
  if (element === target) return replacement
  if (element.children.length === 0) return derEncoding(element)
  return tlv(element.tag, ...element.children.map((child) => rewrite(child, target, replacement)))
}

/** Changes what stands around the signed bytes; some of it is permitted. */
function mutateFrame(document: Uint8Array, other: Uint8Array, dice: Dice): Uint8Array {
  const elements = elementsOf(document)
  const foreign = elementsOf(other)
  const at = dice(4)
  const changes = [
    () => splice(document, 0, 0, Uint8Array.of(0xc0 | dice(24))),
    () => splice(document, 0, 0, Uint8Array.of(0xd2)),
    () => array(...elements.map((element, index) => (index === 1 ? Uint8Array.of(0xbf, 0xff) : element))),
    () => array(...elements.map((element, index) => (index === at ? (foreign[index] ?? element) : element))),
    () => array(...elements.toSpliced(at, 1)),
    () => array(...elements.toSpliced(at, 0, elements[dice(4)] ?? document)),
    () =>
      array(
        ...elements.map((element, index) => (index === at ? mutateBytes(element, other, dice) : element)),
      ),
    () => splice(document, document.length, document.length, Uint8Array.of(dice(256))),
  ]
  return pick(changes, dice)()
}
