import { KeysError } from '../keys/errors.ts'
import { type KeyIdentifier, resolveKeyId } from '../keys/resolve-key-id.ts'
import { KmsError, type KmsErrorCode } from './errors.ts'

/**
 * Reads the identifier of a key. A malformed ARN is `InvalidArnException` where the model lists that for the operation,
 * and else a key that is not found. Throws `KmsError` or `KeysError`.
 */
export function identifyKey(
  identifier: string,
  region: string,
  errors: readonly KmsErrorCode[],
): KeyIdentifier {
  try {
    return resolveKeyId(identifier, region)
  } catch (error) {
    const malformed = error instanceof KeysError && error.code === 'KEY_ARN_MALFORMED'
    if (!malformed || errors.includes('InvalidArnException')) throw error
    throw new KmsError('NotFoundException', error.message, { cause: error })
  }
}
