import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { parseBase64 } from '../core/base64.ts'
import { concatBytes, equalBytes, toHex, utf8 } from '../core/bytes.ts'
import { plainBytes } from '../core/plain-bytes.ts'
import type { Random } from '../core/random.ts'
import { openSecretFile, SecretFileError } from '../core/secret-file.ts'
import { Secret } from '../core/secret.ts'
import { KeysError } from './errors.ts'

/** The key that wraps all key material at rest. */
export interface RootKey {
  /** 32 lower-case hexadecimal digits derived from the key, which do not reveal it. A store is stamped with them. */
  readonly id: string
  /** Encrypts `plaintext` and binds it to `associatedData`. Twice the same input gives two different results. */
  wrap(plaintext: Secret, associatedData: Uint8Array): Uint8Array
  /**
   * Undoes `wrap`. Throws `KeysError`: `ROOT_KEY_WRONG` if another root key wrapped it, `WRAPPED_MATERIAL_INVALID` if
   * the bytes were changed, are no wrapped material, or belong to other associated data.
   */
  unwrap(wrapped: Uint8Array, associatedData: Uint8Array): Secret
  /** A key of 32 bytes for one purpose beside wrapping; the same purpose gives the same key, another a different one. */
  subkey(purpose: string): KeyObject
}

/** Length of a root key in bytes. */
const ROOT_KEY_LENGTH = 32

// Wrapped material: version, the first bytes of the root key's id, initialization vector, ciphertext, tag. The first
// two are associated data too. The id is there so that material under an old root key and under a new one can lie
// side by side while one replaces the other.
const VERSION = 1
const ID_PREFIX_LENGTH = 8
const IV_LENGTH = 12
const TAG_LENGTH = 16
const HEADER_LENGTH = 1 + ID_PREFIX_LENGTH
const CIPHERTEXT_AT = HEADER_LENGTH + IV_LENGTH

/**
 * Takes 32 random bytes as root key, and wipes them. AES-256-GCM; the initialization vectors are random, which is
 * sound for 2^32 wrappings (NIST SP 800-38D §8.3): one for each generation of each key's material.
 * Throws `KeysError` `ROOT_KEY_INVALID` for another length.
 */
export function parseRootKey(bytes: Uint8Array, random: Random): RootKey {
  if (bytes.length !== ROOT_KEY_LENGTH) {
    throw new KeysError('ROOT_KEY_INVALID', `a root key is ${ROOT_KEY_LENGTH} bytes`)
  }
  // One key for each purpose, so that the id can be shown.
  const id = derive(bytes, 'attested-kms root key id', 16)
  const key = createSecretKey(derive(bytes, 'attested-kms root key wrap', 32))
  const parent = derive(bytes, 'attested-kms root key subkeys', 32)
  bytes.fill(0)
  const header = concatBytes(Uint8Array.of(VERSION), id.subarray(0, ID_PREFIX_LENGTH))
  return {
    id: toHex(id),
    wrap: (plaintext, associatedData) =>
      encrypt(key, { header, iv: random.bytes(IV_LENGTH), associatedData }, plaintext),
    unwrap(wrapped, associatedData) {
      if (wrapped.length < CIPHERTEXT_AT + TAG_LENGTH || wrapped[0] !== VERSION) refuseWrapped()
      const isOurs = equalBytes(wrapped.subarray(0, HEADER_LENGTH), header)
      if (!isOurs) throw new KeysError('ROOT_KEY_WRONG', 'the material was wrapped under another root key')
      return decrypt(key, { header, associatedData }, wrapped)
    },
    subkey: (purpose) => createSecretKey(derive(parent, purpose, 32)),
  }
}

/** Reads a root key from standard base64 of 32 bytes, as it comes in an environment variable. Throws as `parseRootKey`. */
export function parseRootKeyBase64(text: string, random: Random): RootKey {
  return parseRootKey(decodeOrEmpty(text), random)
}

/**
 * Reads the root key from a file of 32 bytes, or makes the file, mode 0600, with a fresh one.
 * Throws `KeysError`: `ROOT_KEY_FILE_REFUSED` if the file cannot be read or made, or others than its owner may read
 * or write it; `ROOT_KEY_INVALID` if it does not hold 32 bytes.
 */
export function openRootKeyFile(path: string, random: Random): RootKey {
  return parseRootKey(readOrMake(path, random), random)
}

function readOrMake(path: string, random: Random): Uint8Array {
  try {
    return openSecretFile(path, () => random.bytes(ROOT_KEY_LENGTH)).content
  } catch (cause) {
    if (!(cause instanceof SecretFileError)) throw cause
    throw new KeysError('ROOT_KEY_FILE_REFUSED', `the root key file is refused: ${cause.message}`, { cause })
  }
}

function decodeOrEmpty(text: string): Uint8Array {
  try {
    return parseBase64(text)
  } catch {
    // No bytes are a wrong length, which is refused in one place.
    return new Uint8Array()
  }
}

/** HKDF with SHA-256 and no salt (RFC 5869): the input is uniformly random already. */
function derive(bytes: Uint8Array, purpose: string, length: number): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', bytes, new Uint8Array(), utf8(purpose), length))
}

interface Wrapping {
  readonly header: Uint8Array
  readonly associatedData: Uint8Array
}

function encrypt(
  key: KeyObject,
  { header, iv, associatedData }: Wrapping & { iv: Uint8Array },
  plaintext: Secret,
): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  // The header has a fixed length, so where it ends and the rest begins is certain.
  cipher.setAAD(concatBytes(header, associatedData))
  return concatBytes(header, iv, cipher.update(plaintext.reveal()), cipher.final(), cipher.getAuthTag())
}

function decrypt(key: KeyObject, { header, associatedData }: Wrapping, wrapped: Uint8Array): Secret {
  const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(HEADER_LENGTH, CIPHERTEXT_AT), {
    authTagLength: TAG_LENGTH,
  })
  decipher.setAAD(concatBytes(header, associatedData))
  decipher.setAuthTag(wrapped.subarray(-TAG_LENGTH))
  const plaintext = plainBytes(decipher.update(wrapped.subarray(CIPHERTEXT_AT, -TAG_LENGTH)))
  try {
    decipher.final()
  } catch (cause) {
    plaintext.fill(0)
    return refuseWrapped(cause)
  }
  return new Secret(plaintext)
}

function refuseWrapped(cause?: unknown): never {
  throw new KeysError('WRAPPED_MATERIAL_INVALID', 'wrapped material cannot be opened', { cause })
}
