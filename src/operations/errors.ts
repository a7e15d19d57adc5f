import { CodedError } from '../core/base-error.ts'

/** The exceptions of the KMS API that operations answer with, under their names on the wire (AWS KMS API Reference). */
export type KmsErrorCode =
  | 'AccessDeniedException'
  | 'AlreadyExistsException'
  | 'DependencyTimeoutException'
  | 'DisabledException'
  | 'DryRunOperationException'
  | 'IncorrectKeyException'
  | 'InvalidAliasNameException'
  | 'InvalidArnException'
  | 'InvalidCiphertextException'
  | 'InvalidGrantIdException'
  | 'InvalidGrantTokenException'
  | 'InvalidKeyUsageException'
  | 'InvalidMarkerException'
  | 'KMSInternalException'
  | 'KMSInvalidStateException'
  | 'KeyUnavailableException'
  | 'LimitExceededException'
  | 'MalformedPolicyDocumentException'
  | 'NotAuthorizedException'
  | 'NotFoundException'
  | 'SerializationException'
  | 'TagException'
  | 'ThrottlingException'
  | 'UnsupportedOperationException'
  | 'ValidationException'

/** What an exception carries beside its name and text. */
export interface KmsErrorOptions extends ErrorOptions {
  /**
   * The code of the check that the attestation document failed, for the `x-attested-kms-reason` header. Given only
   * where the caller belongs to the account of the key.
   */
  readonly reason?: string
}

/** A refusal as the caller sees it: the exception's name, its text, and nothing that the caller may not know. */
export class KmsError extends CodedError<KmsErrorCode> {
  override readonly name = 'KmsError'
  /** The text that the wire shows; `null` where AWS sends no text member at all. */
  readonly text: string | null
  /** The code of the attestation check that failed; `null` where there is none, or the caller may not see it. */
  readonly reason: string | null

  constructor(code: KmsErrorCode, text: string | null, options: KmsErrorOptions = {}) {
    super(code, text ?? code, options)
    this.text = text
    this.reason = options.reason ?? null
  }
}
