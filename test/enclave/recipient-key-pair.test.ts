import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  generateRecipientKeyPair,
  parseRecipientPrivateKey,
} from '../../enclave/client/recipient-key-pair.ts'
import { utf8 } from '../../src/core/bytes.ts'
import { makeRsaKey } from '../support/rsa-keys.ts'

describe('generateRecipientKeyPair', () => {
  it.each([[{}, 2048] as const, [{ modulusBits: 3072 }, 3072] as const])(
    'with %j makes an RSA key of %i bits with the exponent 65537, and its SPKI',
    async (options, modulusLength) => {
      const { spki, privateKey } = await generateRecipientKeyPair(options)
      expect(privateKey.asymmetricKeyType).toBe('rsa')
      expect(privateKey.asymmetricKeyDetails).toEqual({ modulusLength, publicExponent: 65_537n })
      const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
      expect(createPublicKey(privateKey).equals(publicKey)).toBe(true)
    },
  )

  it('makes another key each time', async () => {
    const [first, second] = await Promise.all([generateRecipientKeyPair(), generateRecipientKeyPair()])
    expect(first.spki).not.toEqual(second.spki)
  })
})

describe('parseRecipientPrivateKey', () => {
  const { privateKey } = makeRsaKey(2048)
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const encrypted = { format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' } as const

  it.each(['pkcs8', 'pkcs1'] as const)('reads %s', (type) => {
    const pem = utf8(privateKey.export({ type, format: 'pem' }))
    expect(parseRecipientPrivateKey(pem).equals(privateKey)).toBe(true)
  })

  it.each([
    ['an EC key in SEC1', ec.export({ format: 'pem', type: 'sec1' })],
    ['an encrypted key', privateKey.export(encrypted)],
    ['a public key', createPublicKey(privateKey).export({ format: 'pem', type: 'spki' })],
    ['text', 'no key at all'],
    ['nothing', ''],
  ])('refuses %s with PRIVATE_KEY_UNUSABLE', (_, pem) => {
    expect(() => parseRecipientPrivateKey(utf8(pem))).toThrow(
      expect.objectContaining({ name: 'EnclaveError', code: 'PRIVATE_KEY_UNUSABLE' }),
    )
  })
})
