// Enums of the KMS model that no other room knows.

/** `KeySpec` of the data key operations. */
export const DATA_KEY_SPECS = ['AES_256', 'AES_128'] as const

/** `Origin`. */
export const ORIGINS = ['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'] as const

/** `EncryptionAlgorithm`, without the one of the China Regions, which no key here has. */
export const ENCRYPTION_ALGORITHMS = ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] as const

/** `KeyEncryptionAlgorithm` of a recipient. */
export const KEY_ENCRYPTION_MECHANISMS = ['RSAES_OAEP_SHA_256'] as const

/** `KeyAgreementAlgorithm`. */
export const KEY_AGREEMENT_ALGORITHMS = ['ECDH'] as const

/** `GrantOperation`. */
export const GRANT_OPERATIONS = [
  'Decrypt',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
  'Sign',
  'Verify',
  'GetPublicKey',
  'CreateGrant',
  'RetireGrant',
  'DescribeKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateMac',
  'VerifyMac',
  'DeriveSharedSecret',
  'Encapsulate',
  'Decapsulate',
] as const

/** `DryRunModifiers`. */
export const DRY_RUN_MODIFIERS = ['IGNORE_CIPHERTEXT'] as const
