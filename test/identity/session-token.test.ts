import { createSecretKey } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../src/core/random.ts'
import { IdentityError } from '../../src/identity/errors.ts'
import { createSessionTokens } from '../../src/identity/session-token.ts'
import { makeSession } from './a-session.ts'

const key = createSecretKey(Buffer.alloc(32, 7))
const tokens = createSessionTokens(key, systemRandom)
const full = makeSession({
  sourceIdentity: 'alice',
  policy: '{"Version":"2012-10-17"}',
  tags: [{ key: 'Straße', value: '' }],
  transitiveTagKeys: ['Straße'],
  issuedAt: new Date('2026-03-01T12:00:00.123Z'),
})
const invalid = expect.objectContaining({ name: 'IdentityError', code: 'SESSION_TOKEN_INVALID' })

describe('a session token', () => {
  it.each([
    ['with everything', full],
    ['with nothing but the needful', makeSession()],
  ])('opens to the session %s that was sealed', (_, session) => {
    expect(tokens.open(tokens.seal(session))).toEqual(session)
  })

  it('is another one each time, and holds nothing that can be read', () => {
    const [first, second] = [tokens.seal(full), tokens.seal(full)]
    expect(first).not.toBe(second)
    const bytes = Buffer.from(first, 'base64').toString('latin1')
    for (const text of [full.secretAccessKey, full.accessKeyId, full.roleArn])
      expect(bytes).not.toContain(text)
  })

  it('opens after a restart and at other nodes, which have the same key', () => {
    expect(createSessionTokens(key, systemRandom).open(tokens.seal(full))).toEqual(full)
  })

  it('does not open under another key', () => {
    const other = createSessionTokens(createSecretKey(Buffer.alloc(32, 8)), systemRandom)
    expect(() => other.open(tokens.seal(full))).toThrow(invalid)
  })

  it('does not open with any one bit changed', () => {
    const token = Buffer.from(tokens.seal(makeSession()), 'base64')
    for (let bit = 0; bit < token.length * 8; bit++) {
      const damaged = Buffer.from(token)
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => tokens.open(damaged.toString('base64'))).toThrow(invalid)
    }
  })

  it('does not open in another spelling', () => {
    const token = tokens.seal(full)
    const url = token.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
    for (const text of [`${token}=`, ` ${token}`, `${token},${token}`, url === token ? '' : url]) {
      expect(() => tokens.open(text)).toThrow(invalid)
    }
  })

  it('is not looked at when it is longer than any that is made', () => {
    expect(() => tokens.open('A'.repeat(20_000))).toThrow(invalid)
  })

  it('gives a session or SESSION_TOKEN_INVALID, whatever the text', () => {
    const some = fc.oneof(
      fc.string(),
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('base64')),
      fc.uint8Array({ maxLength: 60 }).map((rest) => Buffer.from([1, ...rest]).toString('base64')),
    )
    fc.assert(
      fc.property(some, (text) => {
        try {
          tokens.open(text)
          expect.unreachable()
        } catch (error) {
          expect(error).toBeInstanceOf(IdentityError)
          expect(error).toEqual(invalid)
        }
      }),
    )
  })
})

describe('opened tokens', () => {
  it('are kept once their caller is known, and 1024 of them at most', () => {
    const own = createSessionTokens(key, systemRandom)
    const sealed = Array.from({ length: 1025 }, () => own.seal(full))
    const opened = sealed.map((token) => {
      const session = own.open(token)
      expect(own.open(token)).not.toBe(session)
      own.keep(token, session)
      own.keep(token, session)
      return session
    })
    const kept = sealed.map((token, at) => own.open(token) === opened[at])
    expect(kept).toEqual([false, ...Array.from({ length: 1024 }, () => true)])
  })
})
