import { createPrivateKey, generateKeyPair } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { EnclaveError } from './errors.ts'

/** The key pair that an enclave lets KMS encrypt to. The private key never leaves the process. */
export interface RecipientKeyPair {
  /** DER SubjectPublicKeyInfo: what goes into `public_key` of the attestation document. */
  readonly spki: Uint8Array
  readonly privateKey: KeyObject
}

/** How a recipient key is made. */
export interface RecipientKeyPairOptions {
  /** Size of the RSA modulus in bits; 2048 unless told, which is what AWS documents. */
  readonly modulusBits?: 2048 | 3072 | 4096
}

const generate = promisify(generateKeyPair)

/** Makes an RSA key pair with the public exponent 65537, off the main thread. */
export async function generateRecipientKeyPair(
  options: RecipientKeyPairOptions = {},
): Promise<RecipientKeyPair> {
  const { publicKey, privateKey } = await generate('rsa', { modulusLength: options.modulusBits ?? 2048 })
  return { spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })), privateKey }
}

/**
 * Reads an unencrypted RSA private key from PEM, PKCS#8 (RFC 5208) or PKCS#1 (RFC 8017 appendix A.1.2).
 * Throws `EnclaveError` `PRIVATE_KEY_UNUSABLE`.
 */
export function parseRecipientPrivateKey(pem: Uint8Array): KeyObject {
  return requireRsaPrivateKey(readPrivateKey(pem))
}

/** Lets an RSA private key through. Throws `EnclaveError` `PRIVATE_KEY_UNUSABLE` for anything else. */
export function requireRsaPrivateKey(key: KeyObject | undefined): KeyObject {
  if (key?.type === 'private' && key.asymmetricKeyType === 'rsa') return key
  throw new EnclaveError('PRIVATE_KEY_UNUSABLE', 'The key is not an RSA private key in the clear')
}

function readPrivateKey(pem: Uint8Array): KeyObject | undefined {
  try {
    return createPrivateKey({ key: Buffer.from(pem.buffer, pem.byteOffset, pem.length), format: 'pem' })
  } catch {
    // What OpenSSL says of bytes that are no key helps nobody, and could repeat some of them.
    return undefined
  }
}
