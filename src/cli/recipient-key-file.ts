import { createPublicKey } from 'node:crypto'
import {
  generateRecipientKeyPair,
  parseRecipientPrivateKey,
} from '../../enclave/client/recipient-key-pair.ts'
import { utf8 } from '../core/bytes.ts'
import { readSecretFile, replaceSecretFile } from '../core/secret-file.ts'

/**
 * The DER SubjectPublicKeyInfo of the recipient key in a PEM file. Where there is no file, an RSA-2048 pair is made and
 * its private key written, PKCS#8 with mode 0600. Rejects with `SecretFileError`, and `EnclaveError` for a file that
 * holds no RSA private key.
 */
export async function openRecipientKeyFile(path: string): Promise<Uint8Array> {
  const pem = readSecretFile(path)
  if (pem) {
    const publicKey = createPublicKey(parseRecipientPrivateKey(pem))
    return new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
  }
  const { spki, privateKey } = await generateRecipientKeyPair()
  replaceSecretFile(path, utf8(privateKey.export({ type: 'pkcs8', format: 'pem' })))
  return spki
}
