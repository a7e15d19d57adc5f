import { CodedError } from '../core/base-error.ts'

/** What a store refuses, one code a check. */
export type StoreErrorCode =
  | 'ALIAS_EXISTS'
  | 'ALIAS_LIMIT'
  | 'GRANT_LIMIT'
  | 'KEY_EXISTS'
  | 'KEY_NOT_FOUND'
  | 'RECORD_INVALID'
  | 'ROW_MALFORMED'
  | 'STORE_CLOSED'
  | 'STORE_FAILED'
  | 'STORE_IN_USE'
  | 'STORE_MODE_MISMATCH'
  | 'STORE_ROOT_KEY_MISMATCH'
  | 'STORE_UNREADABLE'
  | 'STORE_VERSION_UNKNOWN'

/** A change that a store does not make, or a store that cannot be used. The message holds no record. */
export class StoreError extends CodedError<StoreErrorCode> {
  override readonly name = 'StoreError'
}
