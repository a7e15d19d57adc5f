import type { KmsErrorCode } from './errors.ts'

/** What the model lists for operations that read or change a key's metadata. */
export const KEY_MANAGEMENT_ERRORS = [
  'NotFoundException',
  'InvalidArnException',
  'DependencyTimeoutException',
  'KMSInternalException',
  'KMSInvalidStateException',
] as const satisfies readonly KmsErrorCode[]

/** What the model lists for operations that use a key's material. */
export const KEY_USE_ERRORS = [
  'NotFoundException',
  'DisabledException',
  'KeyUnavailableException',
  'DependencyTimeoutException',
  'InvalidKeyUsageException',
  'InvalidGrantTokenException',
  'KMSInternalException',
  'KMSInvalidStateException',
  'DryRunOperationException',
] as const satisfies readonly KmsErrorCode[]
