import type { KeysError, KeysErrorCode } from '../keys/errors.ts'
import { KmsError, type KmsErrorCode } from './errors.ts'

/** What a caller is told of an error of the key room: with its own message, with another text, or with none. */
interface Row {
  readonly code: KmsErrorCode
  readonly text: 'message' | { readonly is: string | null }
}

const NO_TEXT = { is: null }

/** AWS KMS Developer Guide, Throttling AWS KMS requests. */
const THROTTLED = {
  is: 'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
}

/** Every code that a request can cause. The others are faults of this service and become `KMSInternalException`. */
const ROWS: Partial<Readonly<Record<KeysErrorCode, Row>>> = {
  CIPHERTEXT_INVALID: { code: 'InvalidCiphertextException', text: NO_TEXT },
  CONTEXT_NOT_UNICODE: { code: 'ValidationException', text: 'message' },
  CONTEXT_TOO_LARGE: { code: 'ValidationException', text: 'message' },
  KEY_ARN_MALFORMED: { code: 'InvalidArnException', text: 'message' },
  KEY_ARN_OTHER_REGION: { code: 'NotFoundException', text: 'message' },
  KEY_ID_MALFORMED: { code: 'NotFoundException', text: 'message' },
  KEY_PAIR_SPEC_UNAVAILABLE: { code: 'UnsupportedOperationException', text: 'message' },
  KEY_PAIRS_BUSY: { code: 'ThrottlingException', text: THROTTLED },
  // AWS was seen to refuse an unusable peer key with a ValidationException whose text is empty.
  PEER_KEY_INVALID: { code: 'ValidationException', text: NO_TEXT },
}

/** The refusal that an error of the key room is to the caller; `undefined` for an error that is not the caller's. */
export function fromKeysError(error: KeysError): KmsError | undefined {
  const row = ROWS[error.code]
  if (!row) return undefined
  const text = row.text === 'message' ? error.message : row.text.is
  return new KmsError(row.code, text, { cause: error })
}
