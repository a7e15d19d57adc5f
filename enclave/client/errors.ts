import { CodedError } from '../../src/core/base-error.ts'

/** What the code inside the enclave can refuse, one code a check. */
export type EnclaveErrorCode =
  // an envelope that is not read
  | 'ENVELOPE_TOO_LONG'
  | 'ENVELOPE_ENCODING_INVALID'
  | 'ENVELOPE_STRUCTURE_INVALID'
  | 'ENVELOPE_NOT_ENVELOPED_DATA'
  // an envelope that is read, but is none that KMS writes
  | 'ENVELOPE_VERSION_UNSUPPORTED'
  | 'ENVELOPE_RECIPIENT_COUNT'
  | 'ENVELOPE_RECIPIENT_VERSION_UNSUPPORTED'
  | 'ENVELOPE_RECIPIENT_NOT_KEY_IDENTIFIER'
  | 'ENVELOPE_KEY_ENCRYPTION_UNSUPPORTED'
  | 'ENVELOPE_OAEP_PARAMETERS_UNSUPPORTED'
  | 'ENVELOPE_CONTENT_TYPE_UNSUPPORTED'
  | 'ENVELOPE_CONTENT_ENCRYPTION_UNSUPPORTED'
  | 'ENVELOPE_IV_INVALID'
  | 'ENVELOPE_CONTENT_LENGTH_INVALID'
  // an envelope that this key does not open
  | 'ENVELOPE_FOR_ANOTHER_KEY'
  | 'ENVELOPE_NOT_OPENED'
  | 'PRIVATE_KEY_UNUSABLE'
  // an answer of KMS that is not what was asked for
  | 'ANSWER_WITH_PLAINTEXT'
  | 'ANSWER_NOT_SEALED'
  | 'ANSWER_FOR_ANOTHER_KEY'
  | 'ANSWER_LENGTH_UNEXPECTED'
  | 'ANSWER_KEY_PAIR_MISMATCH'
  // the ways to KMS and to the issuer of documents
  | 'ENDPOINT_INVALID'
  | 'ENDPOINT_NOT_PROTECTED'
  | 'ATTESTER_UNREACHABLE'
  | 'ATTESTER_REFUSED'
  | 'ATTESTER_ANSWER_INVALID'

/** Something that an enclave must not go on with. The message holds no key, no plaintext and no token. */
export class EnclaveError extends CodedError<EnclaveErrorCode> {
  override readonly name = 'EnclaveError'
}
