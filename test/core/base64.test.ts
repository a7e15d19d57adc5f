import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeBase64, parseBase64 } from '../../src/core/base64.ts'

describe('parseBase64', () => {
  // RFC 4648 §10
  it.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('reads the published vector of %j', (plain, encoded) => {
    expect(Buffer.from(parseBase64(encoded)).toString()).toBe(plain)
    expect(encodeBase64(Buffer.from(plain))).toBe(encoded)
  })

  it.each(['Zg', 'Zg=', 'Zh==', 'Zm9=', 'Zm9v\n', ' Zm9v', 'Zm-_', '====', 'Z', 'Zm9vZ===', 'Zg==Zg=='])(
    'refuses %j',
    (text) => {
      expect(() => parseBase64(text)).toThrow(RangeError)
    },
  )

  it('is the inverse of encoding, and encoding the inverse of whatever it reads', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(parseBase64(encodeBase64(bytes))).toEqual(bytes)
      }),
    )
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'AQgw+/=Zm9v\n-') }), (text) => {
        try {
          expect(encodeBase64(parseBase64(text))).toBe(text)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
    )
  })
})
