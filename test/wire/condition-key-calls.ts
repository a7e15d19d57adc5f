import { generateKeyPairSync } from 'node:crypto'
import {
  CreateGrantCommand,
  CreateKeyCommand,
  DeriveSharedSecretCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyPairCommand,
  GenerateRandomCommand,
  type KMSClient,
  ListKeysCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import type { TestEnclave } from '../support/an-enclave.ts'

/** PCR0 of the enclave of these calls, and PCR4 of the TPM. */
export const IMAGE = 'ab'.repeat(48)
export const SIGNING = 'cd'.repeat(48)

/** What a call is made with. */
export interface Subject {
  /** The id of a key of the row's own. */
  readonly keyId: string
  readonly alias: string
  readonly agreementKeyId: string
  readonly enclave: TestEnclave
  readonly tpm: TestEnclave
}

/** One call of a client about a subject. */
export type Call = (kms: KMSClient, subject: Subject) => Promise<unknown>

export const describeKey: Call = (kms, { keyId }) => kms.send(new DescribeKeyCommand({ KeyId: keyId }))
export const encrypt =
  (context?: Record<string, string>): Call =>
  (kms, { keyId }) =>
    kms.send(
      new EncryptCommand({
        KeyId: keyId,
        Plaintext: Buffer.from('secret'),
        ...(context && { EncryptionContext: context }),
      }),
    )
export const generateDataKey =
  (by?: 'enclave' | 'tpm'): Call =>
  (kms, subject) =>
    kms.send(
      new GenerateDataKeyCommand({
        KeyId: subject.keyId,
        KeySpec: 'AES_256',
        ...(by && { Recipient: subject[by].recipient }),
      }),
    )
export const generatePair =
  (KeyPairSpec: 'ECC_NIST_P256' | 'ECC_NIST_P384'): Call =>
  (kms, { keyId }) =>
    kms.send(new GenerateDataKeyPairCommand({ KeyId: keyId, KeyPairSpec }))
export const derive: Call = (kms, { agreementKeyId }) => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const PublicKey = publicKey.export({ format: 'der', type: 'spki' })
  return kms.send(
    new DeriveSharedSecretCommand({ KeyId: agreementKeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey }),
  )
}
export const createKey =
  (input: ConstructorParameters<typeof CreateKeyCommand>[0] = {}): Call =>
  (kms) =>
    kms.send(new CreateKeyCommand(input))
export const generateRandom =
  (attested: boolean): Call =>
  (kms, { enclave }) =>
    kms.send(
      new GenerateRandomCommand({ NumberOfBytes: 8, ...(attested && { Recipient: enclave.recipient }) }),
    )
export const listKeys: Call = (kms) => kms.send(new ListKeysCommand({}))
export const schedule =
  (PendingWindowInDays: number): Call =>
  (kms, { keyId }) =>
    kms.send(new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays }))

/** A pretended call of an AWS service for the caller, which lab mode believes. */
export function via(service: string, call: Call): Call {
  return (kms, subject) => {
    kms.middlewareStack.add(
      (next) => (args) => {
        // Requests of the SDK have headers by name.
        const { headers } = args.request as { readonly headers: Record<string, string> }
        headers['x-attested-kms-via-service'] = service
        return next(args)
      },
      { step: 'build', name: 'via', override: true },
    )
    return call(kms, subject)
  }
}

const LAB = 'arn:aws:iam::111122223333:user/lab'
export const createGrant =
  (members: Partial<ConstructorParameters<typeof CreateGrantCommand>[0]> = {}): Call =>
  (kms, { keyId }) =>
    kms.send(
      new CreateGrantCommand({ KeyId: keyId, GranteePrincipal: LAB, Operations: ['Encrypt'], ...members }),
    )
