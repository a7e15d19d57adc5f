import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeBase64 } from '../../src/core/base64.ts'
import { concatBytes, parseHex, toHex, utf8 } from '../../src/core/bytes.ts'
import { systemRandom } from '../../src/core/random.ts'
import { Secret } from '../../src/core/secret.ts'
import { openRootKeyFile, parseRootKey, parseRootKeyBase64 } from '../../src/keys/root-key.ts'

const bytes = (): Uint8Array => Uint8Array.from({ length: 32 }, (_, index) => index)
const rootKey = parseRootKey(bytes(), systemRandom)
const plaintext = new Secret(utf8('material'))
const associated = utf8('ad')
const coded = (code: string): unknown => expect.objectContaining({ name: 'KeysError', code })

describe('a root key', () => {
  // Made outside of this project, from the layout alone, with Python's `cryptography` (HKDF and AESGCM).
  const wrapped = '01092564f31772b38600000000000000000000000047c7a8a5bb27ec9681cae9804113a4e5ba505363bc19cbee'

  it('has an id that follows from the key, and unwraps what was wrapped elsewhere', () => {
    expect(rootKey.id).toBe('092564f31772b3865e477eb8dd2cbede')
    expect(rootKey.unwrap(parseHex(wrapped), associated).reveal()).toEqual(utf8('material'))
  })

  it('wraps byte for byte with the same initialization vector', () => {
    const still = parseRootKey(bytes(), { ...systemRandom, bytes: (length) => new Uint8Array(length) })
    expect(toHex(still.wrap(plaintext, associated))).toBe(wrapped)
  })

  it('gives a key for another purpose, which is the same at every start and another for every purpose', () => {
    // Made with Python's `cryptography` (HKDF twice, with SHA-256 and no salt).
    const subkey = 'da37b3a0ba58e0881b187453b6552efcc20ca67e405b20d1c38ce298d031b9ce'
    expect(rootKey.subkey('session tokens').export().toString('hex')).toBe(subkey)
    expect(parseRootKey(bytes(), systemRandom).subkey('session tokens').export().toString('hex')).toBe(subkey)
    expect(rootKey.subkey('other').export().toString('hex')).not.toBe(subkey)
  })

  it('gives back what it wrapped, and wraps differently each time', () => {
    const [first, second] = [rootKey.wrap(plaintext, associated), rootKey.wrap(plaintext, associated)]
    expect(first).not.toEqual(second)
    expect(rootKey.unwrap(first, associated).reveal()).toEqual(plaintext.reveal())
  })

  it('refuses wrapped material with any one bit changed', () => {
    const genuine = rootKey.wrap(plaintext, associated)
    for (let bit = 0; bit < genuine.length * 8; bit++) {
      const at = bit >> 3
      const code = at >= 1 && at <= 8 ? 'ROOT_KEY_WRONG' : 'WRAPPED_MATERIAL_INVALID'
      const damaged = genuine.with(at, (genuine[at] ?? 0) ^ (1 << (bit & 7)))
      expect(() => rootKey.unwrap(damaged, associated)).toThrow(coded(code))
    }
  })

  it.each([
    ['no bytes', new Uint8Array()],
    ['a byte less', parseHex(wrapped.slice(0, -2))],
    ['a byte more', parseHex(`${wrapped}00`)],
    ['no room for a tag', parseHex(wrapped.slice(0, 70))],
  ])('WRAPPED_MATERIAL_INVALID: %s', (_, damaged) => {
    expect(() => rootKey.unwrap(damaged, associated)).toThrow(coded('WRAPPED_MATERIAL_INVALID'))
  })

  it('WRAPPED_MATERIAL_INVALID: other associated data', () => {
    const genuine = rootKey.wrap(plaintext, associated)
    expect(() => rootKey.unwrap(genuine, utf8('aD'))).toThrow(coded('WRAPPED_MATERIAL_INVALID'))
  })

  it('ROOT_KEY_WRONG: wrapped under another root key', () => {
    const other = parseRootKey(systemRandom.bytes(32), systemRandom)
    expect(other.id).not.toBe(rootKey.id)
    expect(() => rootKey.unwrap(other.wrap(plaintext, associated), associated)).toThrow(
      coded('ROOT_KEY_WRONG'),
    )
  })

  it('keeps its bytes to itself: what it was made from is wiped, and it prints none', () => {
    const given = bytes()
    const made = parseRootKey(given, systemRandom)
    expect(given).toEqual(new Uint8Array(32))
    expect(JSON.stringify(made)).toBe(`{"id":"${made.id}"}`)
  })

  it.each([0, 16, 31, 33])('ROOT_KEY_INVALID: %d bytes', (length) => {
    expect(() => parseRootKey(new Uint8Array(length), systemRandom)).toThrow(coded('ROOT_KEY_INVALID'))
  })
})

describe('parseRootKeyBase64', () => {
  it('reads 32 bytes', () => {
    expect(parseRootKeyBase64(encodeBase64(bytes()), systemRandom).id).toBe(rootKey.id)
  })

  it.each([
    ['no text', ''],
    ['no base64', '*'.repeat(44)],
    ['a line end behind', `${encodeBase64(bytes())}\n`],
    ['16 bytes', encodeBase64(new Uint8Array(16))],
  ])('ROOT_KEY_INVALID: %s', (_, text) => {
    expect(() => parseRootKeyBase64(text, systemRandom)).toThrow(coded('ROOT_KEY_INVALID'))
  })
})

describe('openRootKeyFile', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'root-key-'))
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  it('makes a file of 32 bytes and mode 0600, and opens the same key again', () => {
    const path = join(directory, 'root-key')
    const made = openRootKeyFile(path, systemRandom)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path)).toHaveLength(32)
    const again = openRootKeyFile(path, systemRandom)
    expect(again.id).toBe(made.id)
    expect(again.unwrap(made.wrap(plaintext, associated), associated).reveal()).toEqual(plaintext.reveal())
  })

  it.each([
    ['ROOT_KEY_FILE_REFUSED', 'a file that others can read', 0o604, bytes()],
    ['ROOT_KEY_FILE_REFUSED', 'a file that the group can read', 0o640, bytes()],
    ['ROOT_KEY_INVALID', 'an empty file', 0o600, new Uint8Array()],
    ['ROOT_KEY_INVALID', 'a file with a line end behind', 0o600, concatBytes(bytes(), utf8('\n'))],
  ])('%s: %s', (code, _, mode, content) => {
    const path = join(directory, 'root-key')
    writeFileSync(path, content)
    chmodSync(path, mode)
    expect(() => openRootKeyFile(path, systemRandom)).toThrow(coded(code))
    expect(readFileSync(path)).toEqual(Buffer.from(content))
  })

  it('ROOT_KEY_FILE_REFUSED: in a directory that is missing', () => {
    const path = join(directory, 'no', 'root-key')
    expect(() => openRootKeyFile(path, systemRandom)).toThrow(coded('ROOT_KEY_FILE_REFUSED'))
  })
})
