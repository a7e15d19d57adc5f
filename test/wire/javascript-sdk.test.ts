import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import {
  CreateKeyCommand,
  DecryptCommand,
  DeriveSharedSecretCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateRandomCommand,
  GetPublicKeyCommand,
  KMSClient,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestEnclave } from '../support/an-enclave.ts'
import { anEnclave, publicKeyOf } from '../support/an-enclave.ts'
import type { TestService } from '../support/lab-service.ts'
import { LAB_CREDENTIALS, startLabService } from '../support/lab-service.ts'

let service: TestService
let enclave: TestEnclave
let kms: KMSClient
let symmetricKey: string
let agreementKey: string

beforeAll(async () => {
  service = await startLabService()
  enclave = await anEnclave(service)
  kms = new KMSClient({ endpoint: service.kmsUrl, region: 'us-east-1', credentials: LAB_CREDENTIALS })
  symmetricKey = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId ?? ''
  const agreement = new CreateKeyCommand({ KeySpec: 'ECC_NIST_P384', KeyUsage: 'KEY_AGREEMENT' })
  agreementKey = (await kms.send(agreement)).KeyMetadata?.Arn ?? ''
})
afterAll(() => service.end())

const PAIR_SPECS = [
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'ECC_NIST_P256',
  'ECC_NIST_P384',
  'ECC_NIST_P521',
  'ECC_SECG_P256K1',
  'ECC_NIST_EDWARDS25519',
  'ML_KEM_512',
  'ML_KEM_768',
  'ML_KEM_1024',
] as const

describe('the unmodified AWS SDK for JavaScript', () => {
  it.each(PAIR_SPECS)(
    'gets a %s pair, in plaintext without Recipient and in an envelope with it',
    async (KeyPairSpec) => {
      const plain = await kms.send(new GenerateDataKeyPairCommand({ KeyId: symmetricKey, KeyPairSpec }))
      const attested = await kms.send(
        new GenerateDataKeyPairCommand({ KeyId: symmetricKey, KeyPairSpec, Recipient: enclave.recipient }),
      )
      expect(attested.PrivateKeyPlaintext).toBeUndefined()
      expect(attested.KeyMaterialId).toBeUndefined()
      expect(plain.CiphertextForRecipient).toBeUndefined()
      expect(plain.KeyMaterialId).toMatch(/^[0-9a-f]{64}$/)
      for (const [answer, privateKey] of [
        [plain, plain.PrivateKeyPlaintext],
        [attested, enclave.open(attested.CiphertextForRecipient ?? '')],
      ] as const) {
        const key = createPrivateKey({ key: Buffer.from(privateKey ?? []), format: 'der', type: 'pkcs8' })
        expect(publicKeyOf(key).equals(Buffer.from(answer.PublicKey ?? []))).toBe(true)
        const stored = await kms.send(new DecryptCommand({ CiphertextBlob: answer.PrivateKeyCiphertextBlob }))
        expect(Buffer.from(stored.Plaintext ?? []).equals(Buffer.from(privateKey ?? []))).toBe(true)
        expect(answer.KeyId).toBe(`arn:aws:kms:us-east-1:111122223333:key/${symmetricKey}`)
        expect(answer.KeyPairSpec).toBe(KeyPairSpec)
      }
    },
  )

  it('decrypts, bound to the encryption context', async () => {
    const EncryptionContext = { tenant: 'a', purpose: 'b' }
    const { CiphertextBlob } = await kms.send(
      new EncryptCommand({ KeyId: symmetricKey, Plaintext: Buffer.from('Hello, World'), EncryptionContext }),
    )
    const plain = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }))
    expect(Buffer.from(plain.Plaintext ?? []).toString()).toBe('Hello, World')
    const attested = await kms.send(
      new DecryptCommand({ CiphertextBlob, EncryptionContext, Recipient: enclave.recipient }),
    )
    expect(attested.Plaintext).toBeUndefined()
    expect(enclave.open(attested.CiphertextForRecipient ?? '').toString()).toBe('Hello, World')
    const wrong = kms.send(
      new DecryptCommand({ CiphertextBlob, EncryptionContext: { tenant: 'b', purpose: 'b' } }),
    )
    await expect(wrong).rejects.toThrow(expect.objectContaining({ name: 'InvalidCiphertextException' }))
  })

  it('gets data keys and random bytes', async () => {
    const Recipient = enclave.recipient
    const key = await kms.send(
      new GenerateDataKeyCommand({ KeyId: symmetricKey, KeySpec: 'AES_256', Recipient }),
    )
    expect(key.Plaintext).toBeUndefined()
    const stored = await kms.send(new DecryptCommand({ CiphertextBlob: key.CiphertextBlob }))
    expect(enclave.open(key.CiphertextForRecipient ?? '').equals(Buffer.from(stored.Plaintext ?? []))).toBe(
      true,
    )
    const random = await kms.send(new GenerateRandomCommand({ NumberOfBytes: 1024, Recipient }))
    expect(random.Plaintext).toBeUndefined()
    expect(enclave.open(random.CiphertextForRecipient ?? '')).toHaveLength(1024)
    expect((await kms.send(new GenerateRandomCommand({ NumberOfBytes: 24 }))).Plaintext).toHaveLength(24)
  })

  it('agrees on the secret that the peer computes', async () => {
    const { diffieHellman, createPublicKey } = await import('node:crypto')
    const peer = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    const input = {
      KeyId: agreementKey,
      KeyAgreementAlgorithm: 'ECDH',
      PublicKey: peer.publicKey.export({ format: 'der', type: 'spki' }),
    } as const
    const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: agreementKey }))
    const publicKey = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' })
    const expected = diffieHellman({ privateKey: peer.privateKey, publicKey })
    const plain = await kms.send(new DeriveSharedSecretCommand(input))
    const attested = await kms.send(new DeriveSharedSecretCommand({ ...input, Recipient: enclave.recipient }))
    expect(Buffer.from(plain.SharedSecret ?? []).equals(expected)).toBe(true)
    expect(attested.SharedSecret).toBeUndefined()
    expect(enclave.open(attested.CiphertextForRecipient ?? '').equals(expected)).toBe(true)
  })
})
