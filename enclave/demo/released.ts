import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto'
import {
  DecryptCommand,
  DeriveSharedSecretCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateRandomCommand,
  GetPublicKeyCommand,
} from './aws-sdk.ts'
import type { KMSClient } from './aws-sdk.ts'

/** The keys that the operations work on, by ARN, and the clients of the two sides. */
interface Stage {
  readonly symmetricKey: string
  readonly agreementKey: string
  /** Inside the enclave. */
  readonly enclave: KMSClient
  /** Outside. */
  readonly parent: KMSClient
}

/** One operation as the enclave calls it; fulfils with what was found out about the secret, rejects if it is wrong. */
export interface Release {
  readonly operation: string
  readonly play: (stage: Stage) => Promise<string>
}

/** The five operations with `Recipient`, each with a check that the secret is the right one. */
export const RELEASES: readonly Release[] = [
  { operation: 'GenerateDataKeyPair', play: generateDataKeyPair },
  { operation: 'Decrypt', play: decrypt },
  { operation: 'GenerateDataKey', play: generateDataKey },
  { operation: 'DeriveSharedSecret', play: deriveSharedSecret },
  { operation: 'GenerateRandom', play: generateRandom },
]

async function generateDataKeyPair({ enclave, symmetricKey }: Stage): Promise<string> {
  const command = new GenerateDataKeyPairCommand({ KeyId: symmetricKey, KeyPairSpec: 'RSA_2048' })
  const { PrivateKeyPlaintext, PublicKey } = await enclave.send(command)
  const privateKey = createPrivateKey({ key: buffer(PrivateKeyPlaintext), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey({ key: buffer(PublicKey), format: 'der', type: 'spki' })
  check(createPublicKey(privateKey).equals(publicKey))
  return 'RSA_2048 private key opened inside; it fits the public key'
}

async function decrypt({ enclave, parent, symmetricKey }: Stage): Promise<string> {
  const message = Buffer.from('Hello, World')
  const { CiphertextBlob } = await parent.send(
    new EncryptCommand({ KeyId: symmetricKey, Plaintext: message }),
  )
  const { Plaintext } = await enclave.send(new DecryptCommand({ CiphertextBlob }))
  check(message.equals(buffer(Plaintext)))
  return 'opened inside what was encrypted outside'
}

async function generateDataKey({ enclave, symmetricKey }: Stage): Promise<string> {
  const command = new GenerateDataKeyCommand({ KeyId: symmetricKey, KeySpec: 'AES_256' })
  const { Plaintext, CiphertextBlob } = await enclave.send(command)
  const again = await enclave.send(new DecryptCommand({ CiphertextBlob }))
  check(buffer(Plaintext).length === 32 && buffer(Plaintext).equals(buffer(again.Plaintext)))
  return '32 bytes; the stored form decrypts to the same'
}

async function deriveSharedSecret({ enclave, parent, agreementKey }: Stage): Promise<string> {
  const peer = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const command = new DeriveSharedSecretCommand({
    KeyId: agreementKey,
    KeyAgreementAlgorithm: 'ECDH',
    PublicKey: peer.publicKey.export({ format: 'der', type: 'spki' }),
  })
  const { SharedSecret } = await enclave.send(command)
  const { PublicKey } = await parent.send(new GetPublicKeyCommand({ KeyId: agreementKey }))
  const publicKey = createPublicKey({ key: buffer(PublicKey), format: 'der', type: 'spki' })
  check(diffieHellman({ privateKey: peer.privateKey, publicKey }).equals(buffer(SharedSecret)))
  return '32 bytes; the peer computes the same'
}

async function generateRandom({ enclave }: Stage): Promise<string> {
  const { Plaintext } = await enclave.send(new GenerateRandomCommand({ NumberOfBytes: 24 }))
  check(buffer(Plaintext).length === 24)
  return '24 bytes'
}

function buffer(bytes: Uint8Array | undefined): Buffer {
  return Buffer.from(bytes ?? [])
}

function check(holds: boolean): void {
  if (!holds) throw new Error('the secret that came back is not the right one')
}
