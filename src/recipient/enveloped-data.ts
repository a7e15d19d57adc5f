import { constants, createCipheriv, hash, publicEncrypt } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { concatBytes } from '../core/bytes.ts'
import type { Random } from '../core/random.ts'
import type { Secret } from '../core/secret.ts'
import { CONTENT_KEY_LENGTH, IV_LENGTH, MODULUS_BITS, PLAINTEXT_LENGTH_LIMIT } from './constants.ts'
import { encodeEnvelope } from './envelope-layout.ts'
import { RecipientError } from './errors.ts'

/** The RSA key that an attestation document names as the recipient's. */
export interface RecipientPublicKey {
  /** DER SubjectPublicKeyInfo, byte for byte as the document has it: its hash names the key in the envelope. */
  readonly spki: Uint8Array
  /** The same key, imported. */
  readonly publicKey: KeyObject
}

/**
 * Encrypts a secret of 1 to 4096 bytes to a recipient, as the `CiphertextForRecipient` of AWS KMS: CMS EnvelopedData
 * (RFC 5652 §6), the content under AES-256-CBC (RFC 3565), its key under RSAES-OAEP with SHA-256 (RFC 8017 §7.1).
 * The secret is read, not wiped. Nothing in the envelope is authenticated; the way to the recipient has to be.
 * Throws `RecipientError`.
 */
export function sealForRecipient(
  recipient: RecipientPublicKey,
  plaintext: Secret,
  random: Random,
): Uint8Array {
  requireSupportedKey(recipient.publicKey)
  if (plaintext.length < 1 || plaintext.length > PLAINTEXT_LENGTH_LIMIT) {
    throw new RecipientError('PLAINTEXT_LENGTH_INVALID', 'The secret must be 1 to 4096 bytes long')
  }
  const contentKey = random.bytes(CONTENT_KEY_LENGTH)
  try {
    const iv = random.bytes(IV_LENGTH)
    return encodeEnvelope({
      keyIdentifier: hash('sha256', recipient.spki, 'buffer'),
      encryptedKey: encryptContentKey(recipient.publicKey, contentKey),
      iv,
      ciphertext: encryptContent(contentKey, iv, plaintext),
    })
  } finally {
    contentKey.fill(0)
  }
}

function requireSupportedKey({ type, asymmetricKeyType, asymmetricKeyDetails }: KeyObject): void {
  const { modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {}
  const supported =
    type === 'public' &&
    asymmetricKeyType === 'rsa' &&
    MODULUS_BITS.includes(modulusLength) &&
    // RFC 8017 §3.1. An exponent of 1 would put the content key into the envelope in the clear.
    publicExponent >= 3n &&
    publicExponent % 2n === 1n
  if (supported) return
  throw new RecipientError(
    'RECIPIENT_KEY_UNSUPPORTED',
    'The recipient key must be an RSA public key of 2048, 3072 or 4096 bits',
  )
}

function encryptContentKey(publicKey: KeyObject, contentKey: Uint8Array): Uint8Array {
  try {
    // Node takes the hash of MGF1 from `oaepHash` too.
    return publicEncrypt(
      { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      contentKey,
    )
  } catch (cause) {
    // The enclave chose the key: a modulus that is no product of primes can still have the right size.
    throw new RecipientError('RECIPIENT_KEY_UNUSABLE', 'The recipient key does not encrypt', { cause })
  }
}

/** Padded to whole blocks by `node:crypto` as RFC 5652 §6.3 asks; a whole block more where the length fits already. */
function encryptContent(contentKey: Uint8Array, iv: Uint8Array, plaintext: Secret): Uint8Array {
  const cipher = createCipheriv('aes-256-cbc', contentKey, iv)
  return concatBytes(cipher.update(plaintext.reveal()), cipher.final())
}
