import { randomBytes } from 'node:crypto'
import type { LabPki } from '../../src/simulator/lab-pki.ts'
import { rootPublicKey } from './lab.ts'
import type { BaseRequest } from './question.ts'

/** What documents say, such that every verifier finds in them what it demands. */
export function makeBaseRequest(pki: LabPki): BaseRequest {
  return {
    kind: 'nitro-enclave',
    // Short, since some verify nothing but payloads of about 4,500 bytes.
    publicKey: randomBytes(32),
    nonce: randomBytes(32),
    userData: rootPublicKey(pki),
  }
}
