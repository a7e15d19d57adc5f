import { createPublicKey } from 'node:crypto'
import { openEnvelope } from '../../enclave/client/envelope.ts'
import { createLabAttester } from '../../enclave/client/lab-attester.ts'
import type { LabAttesterOptions } from '../../enclave/client/lab-attester.ts'
import { generateRecipientKeyPair } from '../../enclave/client/recipient-key-pair.ts'
import type { TestService } from './lab-service.ts'

/** A simulated enclave with one document, and the means to open what is encrypted to it. */
export interface TestEnclave {
  readonly document: Uint8Array
  readonly recipient: {
    readonly KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256'
    readonly AttestationDocument: Uint8Array
  }
  open(envelope: Uint8Array | string): Buffer
}

/** Has a lab service issue a document about a fresh recipient key. */
export async function anEnclave(
  service: Pick<TestService, 'adminUrl' | 'adminToken'>,
  shape: Omit<LabAttesterOptions, 'adminUrl' | 'adminToken'> = {},
): Promise<TestEnclave> {
  const { adminUrl, adminToken } = service
  const { spki, privateKey } = await generateRecipientKeyPair()
  const document = await createLabAttester({ adminUrl, adminToken, ...shape }).attest({ publicKey: spki })
  return {
    document,
    recipient: { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256', AttestationDocument: document },
    open: (envelope) =>
      Buffer.from(
        openEnvelope(typeof envelope === 'string' ? Buffer.from(envelope, 'base64') : envelope, privateKey),
      ),
  }
}

/** The DER SubjectPublicKeyInfo of a PEM or DER private key. */
export function publicKeyOf(privateKey: Parameters<typeof createPublicKey>[0]): Buffer {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
}
