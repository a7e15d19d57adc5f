import { CodedError } from '../core/base-error.ts'

/** What can be wrong with a KMS request before an operation sees it: one code a check. */
export type RequestErrorCode =
  | 'ROUTE_UNKNOWN'
  | 'CONTENT_TYPE_UNSUPPORTED'
  | 'OPERATION_UNKNOWN'
  | 'BODY_TOO_LARGE'
  | 'BODY_INCOMPLETE'
  | 'BODY_NOT_JSON'
  | 'BODY_IS_LIST'
  | 'BODY_NOT_OBJECT'
  | 'AUTHENTICATION_MISSING'
  | 'AUTHORIZATION_MALFORMED'
  | 'SIGNING_TIME_INVALID'
  | 'SCOPE_INVALID'
  | 'SIGNATURE_EXPIRED'
  | 'SIGNATURE_NOT_YET_CURRENT'
  | 'HEADER_NOT_SIGNED'
  | 'PAYLOAD_HASH_MISMATCH'
  | 'SESSION_TOKEN_UNKNOWN'
  | 'SESSION_TOKEN_UNEXPECTED'
  | 'SESSION_TOKEN_EXPIRED'
  | 'SESSION_KEY_MISMATCH'
  | 'SESSION_PARTITION_FOREIGN'
  | 'SESSION_ROLE_UNKNOWN'
  | 'ACCESS_KEY_UNKNOWN'
  | 'SIGNATURE_MISMATCH'
  | 'HOST_FOREIGN'
  | 'ORIGIN_FOREIGN'
  | 'VIA_SERVICE_INVALID'
  | 'SOURCE_ARN_INVALID'
  | 'CAPACITY_EXCEEDED'

/** What can be wrong with a request to the admin listener, beside its body (the `BODY_…` codes above). */
export type AdminErrorCode =
  | 'ADMIN_HOST_FOREIGN'
  | 'ADMIN_ORIGIN_FOREIGN'
  | 'ADMIN_TOKEN_INVALID'
  | 'ADMIN_HEADER_MISSING'
  | 'ADMIN_CONTENT_TYPE_UNSUPPORTED'
  | 'ADMIN_INPUT_INVALID'
  | 'ADMIN_ROUTE_UNKNOWN'
  | 'DECISION_UNKNOWN'
  | 'LAB_ENCLAVE_UNKNOWN'
  | 'LAB_ENCLAVES_FULL'

/** Why a listener cannot be started. */
type ListenErrorCode = 'ADDRESS_IN_USE' | 'ADDRESS_UNAVAILABLE'

/** Every code of this room. */
export type HttpErrorCode = RequestErrorCode | AdminErrorCode | ListenErrorCode

/** A request that no operation gets to see, or a listener that cannot be started. */
export class HttpError extends CodedError<HttpErrorCode> {
  override readonly name = 'HttpError'
  /** The text that the wire shows; `null` where AWS sends no text member. It repeats no secret and no signature. */
  readonly text: string | null

  constructor(code: HttpErrorCode, text: string | null, options?: ErrorOptions) {
    super(code, text ?? code, options)
    this.text = text
  }
}
