import { KMSClient } from './aws-sdk.ts'
import type { Attester } from '../client/attester.ts'
import { createLabAttester } from '../client/lab-attester.ts'
import { attestedKmsPlugin } from '../client/sdk-plugin.ts'
import type { LabProcess } from './lab-process.ts'

/** What a simulated enclave is asked to say of itself. */
export interface EnclaveShape {
  /** PCR0, 96 hexadecimal digits: the measurement of its image. */
  readonly pcr0: string
  /** The time of its documents; now, unless given. */
  readonly at?: string
  /** Changes each document on its way out. */
  readonly spoil?: (document: Uint8Array) => Uint8Array
}

/** A KMS client as a program on the parent instance has it: it knows nothing of attestation. */
export function plainClient({ kmsUrl }: LabProcess): KMSClient {
  return new KMSClient({
    endpoint: kmsUrl,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: {
      accessKeyId: 'AKIALAB0000000000000',
      secretAccessKey: 'lab-secret-access-key-for-tests-only-0000',
    },
  })
}

/** A KMS client as a program inside a simulated enclave has it: every call carries a document, every answer is opened. */
export function enclaveClient(lab: LabProcess, { pcr0, at, spoil }: EnclaveShape): KMSClient {
  const client = plainClient(lab)
  const attester = createLabAttester({
    adminUrl: lab.adminUrl,
    adminToken: lab.adminToken,
    pcrs: { 0: pcr0 },
    ...(at !== undefined && { at }),
  })
  client.middlewareStack.use(attestedKmsPlugin({ attester: spoil ? spoiled(attester, spoil) : attester }))
  return client
}

function spoiled(attester: Attester, spoil: (document: Uint8Array) => Uint8Array): Attester {
  return { attest: async (request) => spoil(await attester.attest(request)) }
}
