import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseHex } from '../../src/core/bytes.ts'
import { isKeyId, parseKeyId, toKeyId } from '../../src/keys/key-id.ts'

const bytes = parseHex('1234abcd12ab34cd56ef1234567890ab')

describe('parseKeyId and toKeyId', () => {
  it.each([
    ['1234abcd-12ab-34cd-56ef-1234567890ab', false],
    ['mrk-1234abcd12ab34cd56ef1234567890ab', true],
  ])('take %s apart and put it together', (keyId, multiRegion) => {
    expect(isKeyId(keyId)).toBe(true)
    expect(parseKeyId(keyId)).toEqual({ bytes, multiRegion })
    expect(toKeyId({ bytes, multiRegion })).toBe(keyId)
  })

  it('are each the reverse of the other', () => {
    const idBytes = fc.record({
      bytes: fc.uint8Array({ minLength: 16, maxLength: 16 }),
      multiRegion: fc.boolean(),
    })
    fc.assert(
      fc.property(idBytes, (parts) => {
        expect(parseKeyId(toKeyId(parts))).toEqual(parts)
      }),
    )
  })

  it.each([
    '',
    '1234ABCD-12ab-34cd-56ef-1234567890ab',
    '1234abcd12ab34cd56ef1234567890ab',
    ' 1234abcd-12ab-34cd-56ef-1234567890ab',
    '1234abcd-12ab-34cd-56ef-1234567890ab\n',
    'mrk-1234abcd-12ab-34cd-56ef-1234567890ab',
    'MRK-1234abcd12ab34cd56ef1234567890ab',
    'mrk-1234abcd12ab34cd56ef1234567890a',
  ])('take %j for no key id', (text) => {
    expect(isKeyId(text)).toBe(false)
    expect(() => parseKeyId(text)).toThrow(RangeError)
  })
})
