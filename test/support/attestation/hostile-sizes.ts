import { longHead, text } from './cbor-bytes.ts'

/** The same bytes many times over. */
export function repeat(bytes: Uint8Array, count: number): Uint8Array {
  const whole = new Uint8Array(bytes.length * count)
  for (let at = 0; at < whole.length; at += bytes.length) whole.set(bytes, at)
  return whole
}

const NULL = 0xf6

/** A map of `count` different numbers. */
export function wideMap(count: number): Uint8Array {
  const whole = Buffer.alloc(9 + count * 10)
  whole.set(longHead(5, count, 8))
  for (let index = 0; index < count; index++) {
    const at = 9 + index * 10
    whole[at] = 0x1b
    whole.writeBigUInt64BE(2n ** 40n + BigInt(index), at + 1)
    whole[at + 9] = NULL
  }
  return withShortHead(whole, 5, count)
}

/** A map of `count` texts of `length` characters that differ at their ends only. */
export function equalPrefixMap(count: number, length: number): Uint8Array {
  const key = text('k'.repeat(length))
  const whole = Buffer.alloc(9 + count * (key.length + 1))
  for (let index = 0; index < count; index++) {
    const at = 9 + index * (key.length + 1)
    whole.set(key, at)
    whole.write(index.toString(36).padStart(5, '0'), at + key.length - 5)
    whole[at + key.length] = NULL
  }
  return withShortHead(whole, 5, count)
}

/** An array of `count` items of one byte. */
export function wideArray(count: number, item: number): Uint8Array {
  return withShortHead(Buffer.alloc(9 + count, item), 4, count)
}

/** Puts the shortest head in front of what begins at the ninth byte. */
function withShortHead(whole: Buffer, major: number, count: number): Uint8Array {
  const width = count < 0x100 ? 1 : count < 0x1_0000 ? 2 : 4
  const head = longHead(major, count, width)
  whole.set(head, 9 - head.length)
  return Uint8Array.from(whole.subarray(9 - head.length))
}
