import { createCipheriv, createDecipheriv, createHmac, createSecretKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { concatBytes, utf8 } from '../core/bytes.ts'
import { plainBytes } from '../core/plain-bytes.ts'
import type { Random } from '../core/random.ts'
import { Secret } from '../core/secret.ts'
import {
  encodeCiphertextHeader,
  IV_LENGTH,
  NONCE_LENGTH,
  refuseCiphertext,
  TAG_LENGTH,
} from './ciphertext-blob.ts'
import type { CiphertextBlob } from './ciphertext-blob.ts'
import { encodeEncryptionContext } from './encryption-context.ts'
import type { EncryptionContext } from './encryption-context.ts'

/** A symmetric key with the ids that its ciphertext carries. */
export interface SealingKey {
  readonly keyId: string
  readonly materialId: string
  readonly material: KeyObject
}

/**
 * Encrypts to a ciphertext blob that is authenticated as a whole, with the encryption context.
 * Throws as `encodeEncryptionContext`.
 */
export function sealPlaintext(
  { keyId, materialId, material }: SealingKey,
  { plaintext, context }: { readonly plaintext: Secret; readonly context: EncryptionContext },
  random: Random,
): Uint8Array {
  const pairs = encodeEncryptionContext(context)
  const nonce = random.bytes(NONCE_LENGTH)
  const iv = random.bytes(IV_LENGTH)
  const header = encodeCiphertextHeader({ keyId, materialId, nonce, iv }, plaintext.length)
  const cipher = createCipheriv('aes-256-gcm', ciphertextKey(material, nonce), iv)
  cipher.setAAD(concatBytes(header, pairs))
  return concatBytes(header, cipher.update(plaintext.reveal()), cipher.final(), cipher.getAuthTag())
}

/**
 * Decrypts a ciphertext blob. Throws `KeysError` `CIPHERTEXT_INVALID` if a byte of it is not as it was made, or the
 * context is not the one it was made with; as `encodeEncryptionContext` for a context that none can be made with.
 */
export function openCiphertext(
  material: KeyObject,
  blob: CiphertextBlob,
  context: EncryptionContext,
): Secret {
  const pairs = encodeEncryptionContext(context)
  const decipher = createDecipheriv('aes-256-gcm', ciphertextKey(material, blob.nonce), blob.iv, {
    authTagLength: TAG_LENGTH,
  })
  // The header has a fixed length, so where it ends and the context begins is certain.
  decipher.setAAD(concatBytes(blob.header, pairs))
  decipher.setAuthTag(blob.tag)
  const plaintext = plainBytes(decipher.update(blob.ciphertext))
  try {
    decipher.final()
  } catch (cause) {
    plaintext.fill(0)
    return refuseCiphertext('authentication', cause)
  }
  return new Secret(plaintext)
}

/** What the derived key is for (Label), and its length in bits (L), in the words of NIST SP 800-108r1 §4.1. */
const LABEL = utf8('attested-kms ciphertext')
const KEY_LENGTH_BITS = Uint8Array.of(0, 0, 1, 0)
const FIRST_BLOCK = Uint8Array.of(0, 0, 0, 1)

/**
 * The key of one ciphertext: one block of the KDF in counter mode with HMAC-SHA256 (NIST SP 800-108r1 §4.1) over the
 * random nonce. Under one AES key, random initialization vectors are safe for 2^32 messages only (NIST SP 800-38D
 * §8.3), which a busy key reaches in weeks and nothing here counts. With a key for each nonce of 128 bits, two
 * ciphertexts would have to share nonce and vector, 224 random bits. It costs a few microseconds.
 */
function ciphertextKey(material: KeyObject, nonce: Uint8Array): KeyObject {
  const derived = createHmac('sha256', material)
    .update(concatBytes(FIRST_BLOCK, LABEL, Uint8Array.of(0), nonce, KEY_LENGTH_BITS))
    .digest()
  const key = createSecretKey(derived)
  derived.fill(0)
  return key
}
