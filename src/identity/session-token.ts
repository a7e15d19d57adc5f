import type { KeyObject } from 'node:crypto'
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { encodeBase64, parseBase64 } from '../core/base64.ts'
import { concatBytes, utf8 } from '../core/bytes.ts'
import type { Random } from '../core/random.ts'
import { IdentityError } from './errors.ts'
import type { PrincipalTag } from './principal.ts'
import type { Session } from './session.ts'

/** Turns sessions into tokens and back, so that nothing about them has to be kept. */
export interface SessionTokens {
  /** Base64 of a session, sealed. Twice the same session gives two tokens. */
  seal(session: Session): string
  /** Throws `IdentityError` `SESSION_TOKEN_INVALID` for everything that was not sealed under the same key. */
  open(token: string): Session
  /** Keeps an opened token. Only after the signature of its caller held: else anybody could push out those of others. */
  keep(token: string, session: Session): void
}

/** The longest token that is looked at, in characters; the longest that is made has about 7,000. */
const TOKEN_LIMIT = 12_288

/** How many opened tokens are kept. */
const CAPACITY = 1024

// A token: version, initialization vector, ciphertext, tag. The version is associated data too.
const VERSION = Uint8Array.of(1)
const IV_LENGTH = 12
const TAG_LENGTH = 16
const CIPHERTEXT_AT = VERSION.length + IV_LENGTH

/**
 * Makes tokens under a key of 32 bytes: AES-256-GCM, with random initialization vectors, which is sound for 2^32 tokens
 * (NIST SP 800-38D §8.3).
 */
export function createSessionTokens(key: KeyObject, random: Random): SessionTokens {
  const kept = new Map<string, Session>()
  return {
    seal(session) {
      const iv = random.bytes(IV_LENGTH)
      const cipher = createCipheriv('aes-256-gcm', key, iv)
      cipher.setAAD(VERSION)
      const ciphertext = cipher.update(encode(session))
      return encodeBase64(concatBytes(VERSION, iv, ciphertext, cipher.final(), cipher.getAuthTag()))
    },
    open: (token) => kept.get(token) ?? decode(unseal(key, token)),
    keep(token, session) {
      if (kept.has(token)) return
      const oldest = kept.size >= CAPACITY ? kept.keys().next().value : undefined
      if (oldest !== undefined) kept.delete(oldest)
      kept.set(token, session)
    },
  }
}

function unseal(key: KeyObject, token: string): Uint8Array {
  const bytes = token.length > TOKEN_LIMIT ? new Uint8Array() : decodeOrEmpty(token)
  if (bytes.length < CIPHERTEXT_AT + TAG_LENGTH || bytes[0] !== VERSION[0]) return refuse()
  const options = { authTagLength: TAG_LENGTH }
  const iv = bytes.subarray(VERSION.length, CIPHERTEXT_AT)
  const decipher = createDecipheriv('aes-256-gcm', key, iv, options)
  decipher.setAAD(VERSION)
  decipher.setAuthTag(bytes.subarray(-TAG_LENGTH))
  const plaintext = decipher.update(bytes.subarray(CIPHERTEXT_AT, -TAG_LENGTH))
  try {
    decipher.final()
  } catch (cause) {
    return refuse(cause)
  }
  return plaintext
}

function refuse(cause?: unknown): never {
  throw new IdentityError('SESSION_TOKEN_INVALID', 'the session token cannot be opened', { cause })
}

function decodeOrEmpty(token: string): Uint8Array {
  try {
    return parseBase64(token)
  } catch {
    // No bytes are too few, which is refused in one place.
    return new Uint8Array()
  }
}

/** What a token of version 1 holds, in this order. Times are milliseconds since the epoch. */
type Packed = readonly [
  accessKeyId: string,
  secretAccessKey: string,
  roleArn: string,
  roleId: string,
  sessionName: string,
  sourceIdentity: string | null,
  policy: string | null,
  tags: readonly (readonly [key: string, value: string])[],
  transitiveTagKeys: readonly string[],
  issuedAt: number,
  expiresAt: number,
]

function encode(session: Session): Uint8Array {
  const packed: Packed = [
    session.accessKeyId,
    session.secretAccessKey,
    session.roleArn,
    session.roleId,
    session.sessionName,
    session.sourceIdentity,
    session.policy,
    session.tags.map(({ key, value }) => [key, value]),
    session.transitiveTagKeys,
    session.issuedAt.getTime(),
    session.expiresAt.getTime(),
  ]
  return utf8(JSON.stringify(packed))
}

function decode(plaintext: Uint8Array): Session {
  // The tag of the cipher says that it was written above, and the version that it was written like this.
  const packed = JSON.parse(new TextDecoder().decode(plaintext)) as Packed
  const [accessKeyId, secretAccessKey, roleArn, roleId, sessionName, sourceIdentity, policy, ...more] = packed
  const [tags, transitiveTagKeys, issuedAt, expiresAt] = more
  return {
    accessKeyId,
    secretAccessKey,
    roleArn,
    roleId,
    sessionName,
    sourceIdentity,
    policy,
    tags: tags.map(([key, value]): PrincipalTag => ({ key, value })),
    transitiveTagKeys,
    issuedAt: new Date(issuedAt),
    expiresAt: new Date(expiresAt),
  }
}
