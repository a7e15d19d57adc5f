import { createPrivateKey, createPublicKey } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../src/core/random.ts'
import { Secret } from '../../src/core/secret.ts'
import {
  generateMaterial,
  toMaterialId,
  toSymmetricMaterial,
  unwrapMaterial,
  wrapMaterial,
} from '../../src/keys/key-material.ts'
import { findKeyKind } from '../../src/keys/key-spec.ts'
import type { KeyKind } from '../../src/keys/key-spec.ts'
import { parseRootKey } from '../../src/keys/root-key.ts'

const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab'
const identity = { region: 'us-east-1', keyId }
const rootKey = parseRootKey(systemRandom.bytes(32), systemRandom)
const creationDate = new Date(1_000)
const makeSecret = (): Secret => new Secret(Uint8Array.from({ length: 32 }, (_, index) => index))

function kindOf(keySpec: string, keyUsage = 'KEY_AGREEMENT'): KeyKind {
  const kind = findKeyKind(keySpec, keyUsage)
  if (!kind) throw new TypeError(keySpec)
  return kind
}

describe('generateMaterial', () => {
  it('makes 32 random bytes for a symmetric key', () => {
    const random = { ...systemRandom, bytes: (length: number) => new Uint8Array(length).fill(7) }
    const { secret, publicKey } = generateMaterial(kindOf('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT'), random)
    expect(secret.reveal()).toEqual(new Uint8Array(32).fill(7))
    expect(publicKey).toBeNull()
  })

  it.each([
    ['ECC_NIST_P256', 'prime256v1'],
    ['ECC_NIST_P384', 'secp384r1'],
    ['ECC_NIST_P521', 'secp521r1'],
  ])('makes a key pair for %s on %s', (spec, namedCurve) => {
    const { secret, publicKey } = generateMaterial(kindOf(spec), systemRandom)
    const privateKey = createPrivateKey({ key: Buffer.from(secret.reveal()), format: 'der', type: 'pkcs8' })
    expect(privateKey.asymmetricKeyDetails).toMatchObject({ namedCurve })
    expect(
      createPublicKey(privateKey)
        .export({ format: 'der', type: 'spki' })
        .equals(publicKey ?? Buffer.of()),
    ).toBe(true)
  })
})

describe('toMaterialId', () => {
  it('is HMAC-SHA256 of label and key id under the material, as Python computes it', () => {
    const expected = '2bcd0044244fda913cdbcf2abdcc7df2a4045ba13aac7885ad0b39288cc57142'
    expect(toMaterialId(keyId, makeSecret())).toBe(expected)
  })

  it('differs with the key id and with the material', () => {
    const ids = [
      toMaterialId(keyId, makeSecret()),
      toMaterialId(`mrk-${'a'.repeat(32)}`, makeSecret()),
      toMaterialId(keyId, new Secret(new Uint8Array(32))),
    ]
    expect(new Set(ids).size).toBe(3)
  })
})

describe('wrapMaterial and unwrapMaterial', () => {
  const record = wrapMaterial(toSymmetricMaterial(makeSecret()), identity, { rootKey, creationDate })

  it('give the material back, from a record that does not show it', () => {
    const materialId = toMaterialId(keyId, makeSecret())
    expect(record).toMatchObject({ ...identity, materialId, publicKey: null, creationDate })
    expect(Buffer.from(record.wrapped).includes(makeSecret().reveal())).toBe(false)
    expect(unwrapMaterial(record, rootKey).reveal()).toEqual(makeSecret().reveal())
  })

  it.each([{ region: 'eu-west-1' }, { keyId: keyId.replace('1', '2') }, { materialId: 'a'.repeat(64) }])(
    'WRAPPED_MATERIAL_INVALID: moved to %o',
    (changes) => {
      expect(() => unwrapMaterial({ ...record, ...changes }, rootKey)).toThrow(
        expect.objectContaining({ code: 'WRAPPED_MATERIAL_INVALID' }),
      )
    },
  )
})

describe('toSymmetricMaterial', () => {
  it.each([0, 16, 31, 33])('MATERIAL_INVALID: %d bytes', (length) => {
    expect(() => toSymmetricMaterial(new Secret(new Uint8Array(length)))).toThrow(
      expect.objectContaining({ code: 'MATERIAL_INVALID' }),
    )
  })
})
