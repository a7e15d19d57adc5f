import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../src/core/random.ts'
import { createGrantTokens } from '../../src/keys/grant-tokens.ts'
import { parseRootKey } from '../../src/keys/root-key.ts'

const bytes = systemRandom.bytes(32)
const tokensOf = (key: Uint8Array) => createGrantTokens(parseRootKey(key.slice(), systemRandom), systemRandom)
const tokens = tokensOf(bytes)
const grant = {
  region: 'us-east-1',
  keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
  grantId: 'ab'.repeat(32),
}

describe('createGrantTokens', () => {
  it('reads what it made, in another process under the same root key too', () => {
    const token = tokens.make(grant)
    expect(token).toMatch(/^[\w-]{100,400}$/)
    expect(tokens.open(token)).toEqual(grant)
    expect(tokensOf(bytes).open(token)).toEqual(grant)
  })

  it('makes another token each time', () => {
    expect(tokens.make(grant)).not.toBe(tokens.make(grant))
  })

  it('knows no token of another root key', () => {
    expect(tokensOf(systemRandom.bytes(32)).open(tokens.make(grant))).toBeUndefined()
  })

  it('knows no token that was changed in one character, cut or lengthened', () => {
    const token = tokens.make(grant)
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'AZaz09-_=+/ é'), (at, character) => {
        const changed = token.slice(0, at) + character + token.slice(at + 1)
        if (changed !== token) expect(tokens.open(changed)).toBeUndefined()
        expect(tokens.open(token.slice(0, at))).toBeUndefined()
        expect(tokens.open(`${token}${character}`)).toBeUndefined()
      }),
    )
  })

  it('knows no other text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String({ maxLength: 400 })), (text) => {
        expect(tokens.open(text)).toBeUndefined()
      }),
    )
    expect(tokens.open('A'.repeat(9_000))).toBeUndefined()
  })
})
