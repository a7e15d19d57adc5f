import { CodedError } from '../core/base-error.ts'

/** What can be wrong with declared identities and keys, and with session tokens, one code a check. */
export type IdentityErrorCode =
  | 'ADMINISTRATOR_FILE_INVALID'
  | 'SEED_TOO_LARGE'
  | 'SEED_NOT_YAML'
  | 'SEED_NUMBER_UNQUOTED'
  | 'SEED_VALUE_INVALID'
  | 'SEED_MEMBER_UNKNOWN'
  | 'SEED_MEMBER_MISSING'
  | 'SEED_TYPE_WRONG'
  | 'SEED_ACCOUNT_INVALID'
  | 'SEED_NAME_INVALID'
  | 'SEED_PATH_INVALID'
  | 'SEED_TAG_INVALID'
  | 'SEED_DURATION_INVALID'
  | 'SEED_ACCESS_KEY_INVALID'
  | 'SEED_ACCESS_KEY_TEMPORARY'
  | 'SEED_ACCESS_KEY_REPEATED'
  | 'SEED_POLICY_INVALID'
  | 'SEED_KEY_ID_INVALID'
  | 'SEED_KEY_REPEATED'
  | 'SEED_REGION_INVALID'
  | 'SEED_SPEC_UNKNOWN'
  | 'SEED_ALIAS_INVALID'
  | 'SEED_ALIAS_REPEATED'
  | 'SEED_MATERIAL_INVALID'
  | 'SESSION_TOKEN_INVALID'

/** Identities, keys or tokens that cannot be used. The message names the place in the file, never a value of it. */
export class IdentityError extends CodedError<IdentityErrorCode> {
  override readonly name = 'IdentityError'
}
