import { CodedError } from '../core/base-error.ts'

/** What can be wrong with a secret or a recipient's key when an envelope is to be written. */
export type RecipientErrorCode =
  | 'RECIPIENT_KEY_UNSUPPORTED' // no RSA key of 2048, 3072 or 4096 bits with an odd exponent of at least 3
  | 'RECIPIENT_KEY_UNUSABLE' // passes for such a key, but does not encrypt
  | 'PLAINTEXT_LENGTH_INVALID' // empty, or longer than KMS hands out

/** An envelope cannot be written. */
export class RecipientError extends CodedError<RecipientErrorCode> {
  override readonly name = 'RecipientError'
}
