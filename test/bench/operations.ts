import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { JsonObject, JsonValue } from '../../src/core/json.ts'
import { isJsonObject } from '../../src/core/json.ts'
import type { Target } from './target.ts'
import { call } from './target.ts'

/** What the requests to one target are about. */
export interface Subject {
  readonly symmetricKey: string
  /** `null` where the target makes no keys for key agreement. */
  readonly agreementKey: string | null
  /** Ciphertexts of 32 bytes under the symmetric key, each with its encryption context. */
  readonly ciphertexts: readonly { readonly blob: JsonValue; readonly context: JsonObject }[]
  /** A P-256 public key, base64 of the DER. */
  readonly peerPublicKey: string
}

/** An operation as it is measured. */
export interface BenchOperation {
  /** The name in the report. */
  readonly name: string
  readonly operation: string
  /** A member of every answer. */
  readonly member: string
  /** The body of the request of that number. */
  readonly body: (subject: Subject, number: number) => JsonObject
}

/** How many ciphertexts are decrypted in turn. */
const CIPHERTEXTS = 16

const context = (number: number): JsonObject => ({ tenant: `tenant-${number}`, purpose: 'bench' })
const plaintext = (): string => randomBytes(32).toString('base64')
const decryptable = ({ ciphertexts }: Subject, number: number): JsonObject => {
  const ciphertext = ciphertexts[number % ciphertexts.length]
  return ciphertext ? { CiphertextBlob: ciphertext.blob, EncryptionContext: ciphertext.context } : {}
}

/** Without a `Recipient`. RSA pairs are measured apart. */
export const PLAIN_OPERATIONS: readonly BenchOperation[] = [
  {
    name: 'Encrypt',
    operation: 'Encrypt',
    member: 'CiphertextBlob',
    body: ({ symmetricKey }, number) => ({
      KeyId: symmetricKey,
      Plaintext: plaintext(),
      EncryptionContext: context(number),
    }),
  },
  { name: 'Decrypt', operation: 'Decrypt', member: 'Plaintext', body: decryptable },
  {
    name: 'GenerateDataKey',
    operation: 'GenerateDataKey',
    member: 'Plaintext',
    body: ({ symmetricKey }, number) => ({
      KeyId: symmetricKey,
      KeySpec: 'AES_256',
      EncryptionContext: context(number),
    }),
  },
  {
    name: 'GenerateDataKeyWithoutPlaintext',
    operation: 'GenerateDataKeyWithoutPlaintext',
    member: 'CiphertextBlob',
    body: ({ symmetricKey }, number) => ({
      KeyId: symmetricKey,
      KeySpec: 'AES_256',
      EncryptionContext: context(number),
    }),
  },
  {
    name: 'GenerateRandom',
    operation: 'GenerateRandom',
    member: 'Plaintext',
    body: () => ({ NumberOfBytes: 32 }),
  },
  {
    name: 'DescribeKey',
    operation: 'DescribeKey',
    member: 'KeyMetadata',
    body: ({ symmetricKey }) => ({ KeyId: symmetricKey }),
  },
  {
    name: 'GenerateDataKeyPair ECC_NIST_P256',
    operation: 'GenerateDataKeyPair',
    member: 'PrivateKeyPlaintext',
    body: ({ symmetricKey }) => ({ KeyId: symmetricKey, KeyPairSpec: 'ECC_NIST_P256' }),
  },
  {
    name: 'DeriveSharedSecret',
    operation: 'DeriveSharedSecret',
    member: 'SharedSecret',
    body: ({ agreementKey, peerPublicKey }) => ({
      KeyId: agreementKey ?? 'no key for key agreement',
      KeyAgreementAlgorithm: 'ECDH',
      PublicKey: peerPublicKey,
    }),
  },
]

/** The ones that do nothing but symmetric work. */
export const SYMMETRIC_OPERATIONS: readonly string[] = [
  'Encrypt',
  'Decrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
]

/** With a `Recipient`, which is added to the body. */
export const ATTESTED_OPERATIONS: readonly BenchOperation[] = [
  { name: 'attested Decrypt', operation: 'Decrypt', member: 'CiphertextForRecipient', body: decryptable },
  {
    name: 'attested GenerateDataKey',
    operation: 'GenerateDataKey',
    member: 'CiphertextForRecipient',
    body: ({ symmetricKey }) => ({ KeyId: symmetricKey, KeySpec: 'AES_256' }),
  },
  {
    name: 'attested GenerateDataKeyPair ECC_NIST_P256',
    operation: 'GenerateDataKeyPair',
    member: 'CiphertextForRecipient',
    body: ({ symmetricKey }) => ({ KeyId: symmetricKey, KeyPairSpec: 'ECC_NIST_P256' }),
  },
]

export const RSA_PAIR: BenchOperation = {
  name: 'GenerateDataKeyPair RSA_2048',
  operation: 'GenerateDataKeyPair',
  member: 'PrivateKeyPlaintext',
  body: ({ symmetricKey }) => ({ KeyId: symmetricKey, KeyPairSpec: 'RSA_2048' }),
}

/** Makes keys and ciphertexts on a target; `policy` is that of the symmetric key. Rejects with `CallRefused`. */
export async function prepareSubject(target: Target, policy?: string): Promise<Subject> {
  const symmetricKey = await createKey(target, policy === undefined ? {} : { Policy: policy })
  // Not every emulator has key agreement.
  const agreementKey = await createKey(target, {
    KeySpec: 'ECC_NIST_P256',
    KeyUsage: 'KEY_AGREEMENT',
  }).catch(() => null)
  const ciphertexts = []
  for (let number = 0; number < CIPHERTEXTS; number++) {
    const EncryptionContext = context(number)
    const body = { KeyId: symmetricKey, Plaintext: plaintext(), EncryptionContext }
    const { CiphertextBlob: blob = null } = await call(target, 'Encrypt', body)
    ciphertexts.push({ blob, context: EncryptionContext })
  }
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const peerPublicKey = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  return { symmetricKey, agreementKey, ciphertexts, peerPublicKey }
}

async function createKey(target: Target, body: JsonObject): Promise<string> {
  const { KeyMetadata } = await call(target, 'CreateKey', body)
  const keyId = isJsonObject(KeyMetadata) ? KeyMetadata['KeyId'] : undefined
  if (typeof keyId !== 'string') throw new Error(`${target.name}: CreateKey answered no key id`)
  return keyId
}
