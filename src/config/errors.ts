import { CodedError } from '../core/base-error.ts'

/** What can be wrong with the settings of the service. */
export type ConfigErrorCode =
  | 'CONFIG_ADMIN_TOKEN_INVALID'
  | 'CONFIG_ADDRESS_INVALID'
  | 'CONFIG_SOCKET_INVALID'
  | 'CONFIG_NUMBER_INVALID'
  | 'CONFIG_CLOCK_INVALID'
  | 'CONFIG_DATA_UNUSABLE'
  | 'CONFIG_ROOT_KEY_INVALID'
  | 'CONFIG_ROOT_KEY_MISSING'
  | 'CONFIG_ATTESTATION_ROOT_UNREADABLE'
  | 'CONFIG_ATTESTATION_ROOT_INVALID'
  | 'CONFIG_ATTESTATION_ROOT_NOT_A_ROOT'
  | 'CONFIG_ATTESTATION_ROOT_EXPIRED'
  | 'CONFIG_ATTESTATION_ROOT_DUPLICATE'
  | 'CONFIG_SEED_FILE_UNREADABLE'
  | 'CONFIG_SEED_KEY_TAKEN'
  | 'CONFIG_SEED_ALIASES_TOO_MANY'
  | 'CONFIG_LAB_ONLY'
  | 'CONFIG_LAB_SEED_EMPTY'
  | 'CONFIG_LAB_EXPOSED'
  | 'CONFIG_ADMIN_EXPOSED'
  | 'CONFIG_STORE_UNSUPPORTED'

/** A setting that the service cannot be started with. The message names the flag; it holds no secret. */
export class ConfigError extends CodedError<ConfigErrorCode> {
  override readonly name = 'ConfigError'
}
