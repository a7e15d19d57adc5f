import { randomBytes } from 'node:crypto'
import { generateRecipientKeyPair } from '../../enclave/client/recipient-key-pair.ts'
import { systemClock } from '../../src/core/clock.ts'
import { LabIssuer } from '../../src/simulator/issuer.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import { LAB_SEED } from './service-process.ts'

/** Documents of one host, as many as are asked for, about one RSA-2048 recipient key. */
export interface DocumentSource {
  /** DER of the root that all hang on. */
  readonly rootCertificate: Uint8Array
  /** Hexadecimal digits of the measurement that all carry. */
  readonly pcr0: string
  /** Different documents of one enclave: one leaf signs them all. */
  underOneLeaf(count: number): readonly Uint8Array[]
  /** Documents of as many enclaves on the host: each has a leaf of its own under one instance certificate. */
  underLeafsOfTheirOwn(count: number): readonly Uint8Array[]
}

const HOUR_MILLISECONDS = 3_600_000

/** Issues with the lab of the service under measurement, here, so that issuing costs the service nothing. */
export async function openDocumentSource(): Promise<DocumentSource> {
  const issuer = new LabIssuer({
    pki: createLabPki({ seed: LAB_SEED }),
    clock: systemClock,
    capacity: 4096,
  })
  const { spki } = await generateRecipientKeyPair()
  const pcr0 = randomBytes(48)
  const firstStart = Date.now() - HOUR_MILLISECONDS
  const issue = (startedAt: Date): Uint8Array =>
    issuer.issue({
      kind: 'nitro-enclave',
      publicKey: spki,
      nonce: randomBytes(32),
      pcrs: new Map([[0, pcr0]]),
      startedAt,
    }).document
  let enclaves = 0
  return {
    rootCertificate: issuer.rootCertificate,
    pcr0: pcr0.toString('hex'),
    underOneLeaf: (count) => Array.from({ length: count }, () => issue(new Date(firstStart))),
    // The time of its start names an enclave.
    underLeafsOfTheirOwn: (count) =>
      Array.from({ length: count }, () => issue(new Date(firstStart - 1000 * ++enclaves))),
  }
}
