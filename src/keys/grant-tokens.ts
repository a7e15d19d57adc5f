import type { KeyObject } from 'node:crypto'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { concatBytes, utf8 } from '../core/bytes.ts'
import { parseJson } from '../core/json.ts'
import type { Random } from '../core/random.ts'
import type { RootKey } from './root-key.ts'

/** Which grant a token stands for. */
interface GrantReference {
  readonly region: string
  readonly keyId: string
  readonly grantId: string
}

/**
 * Makes and reads grant tokens (AWS KMS Developer Guide, Grant tokens). A token says which grant it stands for and gives
 * nothing that the grant does not give; that it was handed out here is sealed with HMAC-SHA-256, so that it outlives the
 * process and counts on every node that has the root key.
 */
export interface GrantTokens {
  /** A token in URL-safe base64; each one is different. */
  make(grant: GrantReference): string
  /** The grant that a token was made for; `undefined` for any other text. The grant may be gone by now. */
  open(token: string): GrantReference | undefined
}

const VERSION = 1
const NONCE_LENGTH = 16
const MAC_LENGTH = 32
/** GrantTokenType of the KMS model. */
const TOKEN_CHARACTERS = 8192

/** Makes grant tokens under a root key. */
export function createGrantTokens(rootKey: Pick<RootKey, 'subkey'>, random: Random): GrantTokens {
  const key = rootKey.subkey('attested-kms grant tokens')
  return {
    make({ region, keyId, grantId }) {
      const content = concatBytes(
        Uint8Array.of(VERSION),
        random.bytes(NONCE_LENGTH),
        utf8(JSON.stringify([region, keyId, grantId])),
      )
      return Buffer.from(concatBytes(content, sealOf(key, content))).toString('base64url')
    },
    open(token) {
      if (token.length > TOKEN_CHARACTERS) return undefined
      const bytes = Buffer.from(token, 'base64url')
      // The decoder passes over what is no base64, and one token must not have many spellings.
      if (bytes.length <= 1 + NONCE_LENGTH + MAC_LENGTH || bytes.toString('base64url') !== token)
        return undefined
      const content = bytes.subarray(0, -MAC_LENGTH)
      if (!timingSafeEqual(bytes.subarray(-MAC_LENGTH), sealOf(key, content))) return undefined
      return content[0] === VERSION ? readReference(content.subarray(1 + NONCE_LENGTH)) : undefined
    },
  }
}

function sealOf(key: KeyObject, content: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(content).digest()
}

/** The content is sealed, so `make` wrote it, of this version or of another. */
function readReference(json: Uint8Array): GrantReference | undefined {
  const value = parseJson(Buffer.from(json).toString())
  const [region, keyId, grantId] = Array.isArray(value) ? (value as readonly unknown[]) : []
  if (typeof region !== 'string' || typeof keyId !== 'string' || typeof grantId !== 'string') return undefined
  return { region, keyId, grantId }
}
