import { KeysError } from '../keys/errors.ts'
import { RecipientError } from '../recipient/errors.ts'
import { KmsError } from './errors.ts'
import { fromKeysError } from './from-keys-error.ts'

/**
 * What a failed request is refused with. An error that nobody foresaw tells the caller nothing; its cause goes to the
 * log.
 */
export function toKmsError(error: unknown): KmsError {
  if (error instanceof KmsError) return error
  const known = error instanceof KeysError ? fromKeysError(error) : undefined
  if (known) return known
  // The attested program chose a modulus that passes for a key and does not encrypt.
  if (error instanceof RecipientError && error.code === 'RECIPIENT_KEY_UNUSABLE') {
    return badDocument(error.code, { cause: error })
  }
  return new KmsError('KMSInternalException', null, { cause: error })
}

/** The refusal of a request that is allowed, but whose attestation document is not acceptable. */
export function badDocument(
  code: string,
  options: { readonly cause: unknown; readonly reason?: string },
): KmsError {
  const text = `The attestation document in the request is not valid: ${code}.`
  return new KmsError('ValidationException', text, options)
}
