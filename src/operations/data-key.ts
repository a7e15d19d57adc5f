import { KmsError } from './errors.ts'
import { oneOf, optional } from './fields.ts'
import { dryRun, encryptionContext, grantTokens, keyId, numberOfBytes } from './members.ts'
import { DATA_KEY_SPECS } from './model.ts'

/** What GenerateDataKey and its twin without plaintext have in common. */
export const dataKeyInput = {
  KeyId: keyId,
  EncryptionContext: encryptionContext,
  NumberOfBytes: optional(numberOfBytes),
  KeySpec: optional(oneOf(DATA_KEY_SPECS)),
  GrantTokens: grantTokens,
  DryRun: dryRun,
}

/** The condition keys that every request under a symmetric key has, whose algorithm cannot be chosen. */
export const SYMMETRIC_CONDITION_KEYS = { 'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT' }

/** The two members that can say how long a data key is to be. */
interface DataKeySize {
  readonly KeySpec: (typeof DATA_KEY_SPECS)[number] | undefined
  readonly NumberOfBytes: number | undefined
}

/** The length of a data key in bytes. Throws `ValidationException` unless exactly one member says it. */
export function dataKeyLength({ KeySpec, NumberOfBytes }: DataKeySize): number {
  if (NumberOfBytes !== undefined && KeySpec === undefined) return NumberOfBytes
  if (KeySpec !== undefined && NumberOfBytes === undefined) return KeySpec === 'AES_128' ? 16 : 32
  throw new KmsError('ValidationException', 'Please specify either number of bytes or key spec.')
}
