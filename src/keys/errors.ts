import { CodedError } from '../core/base-error.ts'

/** What the key room refuses, one code a check. */
export type KeysErrorCode =
  | 'CIPHERTEXT_INVALID'
  | 'CONTEXT_NOT_UNICODE'
  | 'CONTEXT_TOO_LARGE'
  | 'KEY_ARN_MALFORMED'
  | 'KEY_ARN_OTHER_REGION'
  | 'KEY_ID_MALFORMED'
  | 'KEY_KIND_WRONG'
  | 'KEY_PAIRS_BUSY'
  | 'KEY_PAIRS_CLOSED'
  | 'KEY_PAIR_SPEC_UNAVAILABLE'
  | 'KEY_STATE_UNKNOWN'
  | 'MATERIAL_INVALID'
  | 'MATERIAL_MISSING'
  | 'PEER_KEY_INVALID'
  | 'ROOT_KEY_FILE_REFUSED'
  | 'ROOT_KEY_INVALID'
  | 'ROOT_KEY_WRONG'
  | 'WRAPPED_MATERIAL_INVALID'

/** A key, a ciphertext or an identifier that is not acceptable. The message holds no secret and no plaintext. */
export class KeysError extends CodedError<KeysErrorCode> {
  override readonly name = 'KeysError'
}
