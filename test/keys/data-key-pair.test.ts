import { spawnSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, decapsulate, encapsulate, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toHex, utf8 } from '../../src/core/bytes.ts'
import { systemRandom } from '../../src/core/random.ts'
import { DATA_KEY_PAIR_SPECS, generateDataKeyPair } from '../../src/keys/data-key-pair.ts'
import type { DataKeyPair, DataKeyPairSpec } from '../../src/keys/data-key-pair.ts'

const generate = (spec: DataKeyPairSpec): Promise<DataKeyPair> => generateDataKeyPair(spec, systemRandom)
const privateKeyOf = ({ privateKey }: DataKeyPair): KeyObject =>
  createPrivateKey({ key: Buffer.from(privateKey.reveal()), format: 'der', type: 'pkcs8' })
const publicKeyOf = ({ publicKey }: DataKeyPair): KeyObject =>
  createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' })

/** Lengths of PKCS#8 and SubjectPublicKeyInfo in bytes that follow from RFC 5915, 8410, 9935 and 5480. */
const SIGNING: readonly (readonly [DataKeyPairSpec, object, number, number])[] = [
  ['ECC_NIST_P256', { namedCurve: 'prime256v1' }, 138, 91],
  ['ECC_NIST_P384', { namedCurve: 'secp384r1' }, 185, 120],
  ['ECC_NIST_P521', { namedCurve: 'secp521r1' }, 241, 158],
  ['ECC_SECG_P256K1', { namedCurve: 'secp256k1' }, 135, 88],
  ['ECC_NIST_EDWARDS25519', {}, 48, 44],
]
const RSA = [
  ['RSA_2048', 2048, 294],
  ['RSA_3072', 3072, 422],
  ['RSA_4096', 4096, 550],
] as const
const ML_KEM = [
  ['ML_KEM_512', 'ml-kem-512', 822],
  ['ML_KEM_768', 'ml-kem-768', 1206],
  ['ML_KEM_1024', 'ml-kem-1024', 1590],
] as const
const hasMlKem = await generate('ML_KEM_512').then(
  () => true,
  () => false,
)

describe('generateDataKeyPair', () => {
  it.each(SIGNING)(
    '%s: halves that fit, of the right kind and length',
    async (spec, details, pkcs8, spki) => {
      const pair = await generate(spec)
      expect([pair.privateKey.length, pair.publicKey.length]).toEqual([pkcs8, spki])
      expect(privateKeyOf(pair).asymmetricKeyDetails).toEqual(details)
      const digest = spec === 'ECC_NIST_EDWARDS25519' ? null : 'sha256'
      const signature = sign(digest, utf8('text'), privateKeyOf(pair))
      expect(verify(digest, utf8('text'), publicKeyOf(pair), signature)).toBe(true)
    },
  )

  it.each(SIGNING.slice(0, 4))('%s: the public key is inside the private key (RFC 5915 §3)', async (spec) => {
    const pair = await generate(spec)
    // The point is the end of both structures: publicKey [1] is the last element of ECPrivateKey.
    const point = toHex(pair.publicKey).slice(toHex(pair.publicKey).lastIndexOf('0004') + 2)
    expect(toHex(pair.privateKey.reveal()).endsWith(toHex(pair.publicKey.slice(-point.length / 2)))).toBe(
      true,
    )
  })

  it.each(RSA)(
    '%s: %d bits, exponent 65537, version 0 with NULL parameters',
    async (spec, modulusLength, spki) => {
      const pair = await generate(spec)
      expect(privateKeyOf(pair).asymmetricKeyDetails).toEqual({ modulusLength, publicExponent: 65_537n })
      expect(pair.publicKey).toHaveLength(spki)
      expect(pair.privateKey.length).toBeLessThanOrEqual(4096)
      expect(toHex(pair.privateKey.reveal().subarray(4, 22))).toBe('020100300d06092a864886f70d0101010500')
      const signature = sign('sha256', utf8('text'), privateKeyOf(pair))
      expect(verify('sha256', utf8('text'), publicKeyOf(pair), signature)).toBe(true)
    },
  )

  it.each(ML_KEM)(
    `%s: 86 bytes in the form of the seed, halves that fit${hasMlKem ? '' : ', skipped: not in this runtime'}`,
    { skip: !hasMlKem },
    async (spec, type, spki) => {
      const pair = await generate(spec)
      expect([pair.privateKey.length, pair.publicKey.length]).toEqual([86, spki])
      expect(privateKeyOf(pair).asymmetricKeyType).toBe(type)
      const { sharedKey, ciphertext } = encapsulate(publicKeyOf(pair))
      expect(decapsulate(privateKeyOf(pair), ciphertext).equals(sharedKey)).toBe(true)
    },
  )

  it('KEY_PAIR_SPEC_UNAVAILABLE: SM2', async () => {
    await expect(generate('SM2')).rejects.toMatchObject({
      name: 'KeysError',
      code: 'KEY_PAIR_SPEC_UNAVAILABLE',
    })
  })

  it('never makes the same pair twice', async () => {
    const pairs = await Promise.all(Array.from({ length: 20 }, () => generate('ECC_NIST_P256')))
    expect(new Set(pairs.map((pair) => toHex(pair.publicKey))).size).toBe(20)
  })
})

const OPENSSL = 'openssl'
const openssl = spawnSync(OPENSSL, ['version']).status === 0
const readable = DATA_KEY_PAIR_SPECS.filter((spec) => spec !== 'SM2' && !spec.startsWith('ML_KEM'))

describe.skipIf(!openssl)(
  `the openssl command${openssl ? '' : ', skipped because it is not installed'}`,
  () => {
    it.each(readable)(
      'reads the private key of %s, finds it consistent, and derives the public key',
      async (spec) => {
        const pair = await generate(spec)
        const args = ['pkey', '-inform', 'DER', '-check', '-pubout', '-outform', 'DER']
        const { status, stdout } = spawnSync(OPENSSL, args, {
          input: pair.privateKey.reveal(),
        })
        expect(status).toBe(0)
        expect(toHex(stdout)).toContain(toHex(pair.publicKey))
        expect(stdout.toString('latin1')).toContain('Key is valid')
      },
    )
  },
)
