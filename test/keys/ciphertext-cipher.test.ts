import { spawnSync } from 'node:child_process'
import { createSecretKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { pythonProgram, WITHOUT_PYTHON } from '../support/python.ts'
import { concatBytes, parseHex, toHex, utf8 } from '../../src/core/bytes.ts'
import { systemRandom } from '../../src/core/random.ts'
import { Secret } from '../../src/core/secret.ts'
import { parseCiphertextBlob } from '../../src/keys/ciphertext-blob.ts'
import { openCiphertext, sealPlaintext } from '../../src/keys/ciphertext-cipher.ts'
import type { EncryptionContext } from '../../src/keys/encryption-context.ts'

const materialBytes = Uint8Array.from({ length: 32 }, (_, index) => index)
const material = createSecretKey(materialBytes)
const key = { keyId: '1234abcd-12ab-34cd-56ef-1234567890ab', materialId: 'c0'.repeat(32), material }
const context: EncryptionContext = new Map([
  ['b', '2'],
  ['\u00e4', 'x'],
  ['a', '1'],
])
const none: EncryptionContext = new Map()

const seal = (text: string, pairs = context): Uint8Array =>
  sealPlaintext(key, { plaintext: new Secret(utf8(text)), context: pairs }, systemRandom)
const open = (blob: Uint8Array, pairs = context, under = material): Uint8Array =>
  openCiphertext(under, parseCiphertextBlob(blob), pairs).reveal()

const invalid: unknown = expect.objectContaining({ name: 'KeysError', code: 'CIPHERTEXT_INVALID' })

/** Made outside of this project, from the layout alone, with Python's `cryptography` (KBKDFHMAC and AESGCM). */
const VECTORS = [
  {
    keyId: '1234abcd-12ab-34cd-56ef-1234567890ab',
    pairs: none,
    blob:
      '0102030078c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c001a0a1a2a3a4a5a6a7a8a9aaabacadaeaf00000036' +
      '01001234abcd12ab34cd56ef1234567890abb0b1b2b3b4b5b6b7b8b9babb9fe89fac5af57ee79b53f2611b0bc770097929b7e51cdbb3',
  },
  {
    keyId: 'mrk-1234abcd12ab34cd56ef1234567890ab',
    pairs: context,
    blob:
      '0102030078c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c001a0a1a2a3a4a5a6a7a8a9aaabacadaeaf00000036' +
      '01011234abcd12ab34cd56ef1234567890abb0b1b2b3b4b5b6b7b8b9babb9fe89fac5af57ee7a7a60a912a3a3630ac9ec1b0ad148132',
  },
]

describe('ciphertext of version 1', () => {
  it.each(VECTORS)('stays readable for ever: $keyId', ({ keyId, pairs, blob }) => {
    expect(parseCiphertextBlob(parseHex(blob))).toMatchObject({ keyId, materialId: key.materialId })
    expect(open(parseHex(blob), pairs)).toEqual(utf8('attested'))
  })

  it.each(VECTORS)('is made byte for byte from the same random bytes: $keyId', ({ keyId, pairs, blob }) => {
    const drawn = [parseHex('a0a1a2a3a4a5a6a7a8a9aaabacadaeaf'), parseHex('b0b1b2b3b4b5b6b7b8b9babb')]
    const random = { ...systemRandom, bytes: () => drawn.shift() ?? new Uint8Array() }
    const sealed = sealPlaintext(
      { ...key, keyId },
      { plaintext: new Secret(utf8('attested')), context: pairs },
      random,
    )
    expect(toHex(sealed)).toBe(blob)
  })
})

describe('sealPlaintext and openCiphertext', () => {
  it.each([0, 1, 15, 16, 17, 4096])('give back a plaintext of %d bytes', (length) => {
    const text = 'x'.repeat(length)
    expect(open(seal(text))).toEqual(utf8(text))
  })

  it('never make the same ciphertext twice', () => {
    expect(new Set(Array.from({ length: 50 }, () => toHex(seal('same')))).size).toBe(50)
  })

  it('CIPHERTEXT_INVALID or refused by the parser: any one bit of a blob changed', () => {
    const blob = seal('attested')
    for (let bit = 0; bit < blob.length * 8; bit++) {
      const at = bit >> 3
      expect(() => open(blob.with(at, (blob[at] ?? 0) ^ (1 << (bit & 7))))).toThrow(invalid)
    }
  })

  it.each([
    ['none', none],
    ['another value', new Map([...context, ['a', '2']])],
    ['a pair less', new Map([['b', '2']])],
    ['a pair more', new Map([...context, ['c', '']])],
    ['another case', new Map([['A', '1'], ...[...context].slice(0, 2)])],
  ])('CIPHERTEXT_INVALID: another context, %s', (_, pairs) => {
    expect(() => open(seal('attested'), pairs)).toThrow(invalid)
  })

  it('CIPHERTEXT_INVALID: a context where none was given; an empty one is none', () => {
    const blob = seal('attested', none)
    expect(() => open(blob, context)).toThrow(invalid)
    expect(open(blob, new Map())).toEqual(utf8('attested'))
  })

  it('CIPHERTEXT_INVALID: bytes moved from the context into the ciphertext', () => {
    const blob = seal('attested', none)
    const { header, ciphertext, tag } = parseCiphertextBlob(blob)
    const longer = concatBytes(header, Uint8Array.of(0), ciphertext, tag)
    new DataView(longer.buffer).setUint32(54, longer.length - 58)
    expect(() => open(longer, none)).toThrow(invalid)
  })

  it('CIPHERTEXT_INVALID: other material', () => {
    expect(() => open(seal('attested'), context, createSecretKey(new Uint8Array(32)))).toThrow(invalid)
  })

  it('passes on what is wrong with a context', () => {
    expect(() => seal('x', new Map([['\ud800', '']]))).toThrow(
      expect.objectContaining({ code: 'CONTEXT_NOT_UNICODE' }),
    )
  })
})

describe.skipIf(WITHOUT_PYTHON !== '')(`Python's cryptography${WITHOUT_PYTHON}`, () => {
  it('opens what is sealed here, from the layout alone', () => {
    const script = `
import sys
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.kbkdf import KBKDFHMAC, Mode, CounterLocation
material, blob, pairs = (bytes.fromhex(text) for text in sys.argv[1:])
kdf = KBKDFHMAC(algorithm=hashes.SHA256(), mode=Mode.CounterMode, length=32, rlen=4, llen=4, fixed=None,
  location=CounterLocation.BeforeFixed, label=b'attested-kms ciphertext', context=blob[38:54])
sys.stdout.buffer.write(AESGCM(kdf.derive(material)).decrypt(blob[76:88], blob[88:], blob[:88] + pairs))`
    const pairs = '0000000161 0000000131 0000000162 0000000132 00000002c3a4 0000000178'
    const args = ['-c', script, toHex(materialBytes), toHex(seal('attested')), pairs.replaceAll(' ', '')]
    const opened = spawnSync(pythonProgram('python'), args)
    expect(opened.stderr.toString()).toBe('')
    expect(opened.stdout.toString()).toBe('attested')
  })
})
