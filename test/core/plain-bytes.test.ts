import { expect, it } from 'vitest'
import { plainBytes } from '../../src/core/plain-bytes.ts'

it('plainBytes gives the same bytes in the same place, and no Buffer', () => {
  const buffer = Buffer.from([1, 2, 3, 4]).subarray(1, 3)
  const plain = plainBytes(buffer)
  expect(Buffer.isBuffer(plain)).toBe(false)
  expect(plain).toEqual(Uint8Array.of(2, 3))
  plain.fill(0)
  expect(buffer).toEqual(Buffer.from([0, 0]))
})
