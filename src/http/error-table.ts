import type { KmsErrorCode } from '../operations/errors.ts'
import type { AdminErrorCode, HttpErrorCode, RequestErrorCode } from './errors.ts'

/** How an error looks on the wire. */
export interface WireError {
  /** HTTP status. Every client fault recorded from the real service is 400, whatever the service model says. */
  readonly status: 400 | 413 | 500
  /** The bare shape name in `__type`. */
  readonly type: string
  /** The member that holds the text: lower case for errors of the model and of signatures, capital for the rest. */
  readonly member: 'message' | 'Message'
}

/** A request that is not of the JSON protocol at all is answered in XML. */
export type XmlError = 'xml'

const modelled = { status: 400, member: 'message' } as const
const framework = { status: 400, member: 'Message' } as const
const serverFault = { status: 500, member: 'message' } as const

/**
 * The errors of operations (AWS KMS API Reference, "Common errors" and the errors of each operation; statuses and the
 * case of the text member as recorded from the real service). The name on the wire is the code.
 */
const KMS_ERRORS = {
  AccessDeniedException: framework,
  AlreadyExistsException: modelled,
  DependencyTimeoutException: serverFault,
  DisabledException: modelled,
  DryRunOperationException: modelled,
  IncorrectKeyException: modelled,
  InvalidAliasNameException: modelled,
  InvalidArnException: modelled,
  InvalidCiphertextException: modelled,
  InvalidGrantIdException: modelled,
  InvalidGrantTokenException: modelled,
  InvalidKeyUsageException: modelled,
  InvalidMarkerException: modelled,
  KMSInternalException: serverFault,
  KMSInvalidStateException: modelled,
  KeyUnavailableException: serverFault,
  LimitExceededException: modelled,
  MalformedPolicyDocumentException: modelled,
  NotAuthorizedException: framework,
  NotFoundException: modelled,
  SerializationException: framework,
  TagException: modelled,
  ThrottlingException: modelled,
  UnsupportedOperationException: modelled,
  ValidationException: modelled,
} as const satisfies Record<KmsErrorCode, Omit<WireError, 'type'>>

const unknownOperation = { ...modelled, type: 'UnknownOperationException' } as const
const serialization = { ...framework, type: 'SerializationException' } as const
const incompleteSignature = { ...modelled, type: 'IncompleteSignatureException' } as const
const invalidSignature = { ...modelled, type: 'InvalidSignatureException' } as const
const unrecognizedClient = { ...modelled, type: 'UnrecognizedClientException' } as const
const accessDenied = { ...framework, type: 'AccessDeniedException' } as const

/** What the framework in front of the operations refuses (AWS General Reference, common errors; SigV4 errors). */
const HTTP_ERRORS: Readonly<Partial<Record<HttpErrorCode, WireError | XmlError>>> = {
  ROUTE_UNKNOWN: 'xml',
  CONTENT_TYPE_UNSUPPORTED: 'xml',
  OPERATION_UNKNOWN: unknownOperation,
  BODY_TOO_LARGE: { status: 413, member: 'message', type: 'RequestEntityTooLargeException' },
  BODY_INCOMPLETE: serialization,
  BODY_NOT_JSON: serialization,
  BODY_IS_LIST: serialization,
  BODY_NOT_OBJECT: serialization,
  AUTHENTICATION_MISSING: { ...modelled, type: 'MissingAuthenticationTokenException' },
  AUTHORIZATION_MALFORMED: incompleteSignature,
  SIGNING_TIME_INVALID: incompleteSignature,
  SCOPE_INVALID: invalidSignature,
  SIGNATURE_EXPIRED: invalidSignature,
  SIGNATURE_NOT_YET_CURRENT: invalidSignature,
  HEADER_NOT_SIGNED: invalidSignature,
  PAYLOAD_HASH_MISMATCH: invalidSignature,
  SESSION_TOKEN_UNKNOWN: unrecognizedClient,
  SESSION_TOKEN_UNEXPECTED: unrecognizedClient,
  SESSION_TOKEN_EXPIRED: { ...modelled, type: 'ExpiredTokenException' },
  SESSION_KEY_MISMATCH: unrecognizedClient,
  SESSION_PARTITION_FOREIGN: unrecognizedClient,
  SESSION_ROLE_UNKNOWN: unrecognizedClient,
  ACCESS_KEY_UNKNOWN: unrecognizedClient,
  SIGNATURE_MISMATCH: invalidSignature,
  HOST_FOREIGN: accessDenied,
  ORIGIN_FOREIGN: accessDenied,
  VIA_SERVICE_INVALID: { ...modelled, type: 'ValidationException' },
  SOURCE_ARN_INVALID: { ...modelled, type: 'ValidationException' },
  CAPACITY_EXCEEDED: { ...modelled, type: 'ThrottlingException' },
} satisfies Record<RequestErrorCode, WireError | XmlError>

/** How an operation's error looks on the wire. */
export function wireErrorOfKms(code: KmsErrorCode): WireError {
  return { type: code, ...KMS_ERRORS[code] }
}

/** How a refusal in front of the operations looks on the wire; `undefined` for codes of other listeners. */
export function wireErrorOfHttp(code: HttpErrorCode): WireError | XmlError | undefined {
  return HTTP_ERRORS[code]
}

/** The statuses of the admin listener's refusals (RFC 9110 §15.5). */
const ADMIN_STATUSES: Readonly<Partial<Record<HttpErrorCode, AdminStatus>>> = {
  ADMIN_HOST_FOREIGN: 421,
  ADMIN_ORIGIN_FOREIGN: 403,
  ADMIN_TOKEN_INVALID: 401,
  ADMIN_HEADER_MISSING: 403,
  ADMIN_CONTENT_TYPE_UNSUPPORTED: 415,
  ADMIN_INPUT_INVALID: 400,
  ADMIN_ROUTE_UNKNOWN: 404,
  DECISION_UNKNOWN: 404,
  LAB_ENCLAVE_UNKNOWN: 404,
  LAB_ENCLAVES_FULL: 409,
  BODY_TOO_LARGE: 413,
  BODY_INCOMPLETE: 400,
  BODY_NOT_JSON: 400,
  BODY_IS_LIST: 400,
  BODY_NOT_OBJECT: 400,
} satisfies Record<AdminErrorCode, AdminStatus> & Partial<Record<RequestErrorCode, AdminStatus>>

type AdminStatus = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 421

/** The status of a refusal by the admin listener; `undefined` for codes of other listeners. */
export function adminStatusOf(code: HttpErrorCode): AdminStatus | undefined {
  return ADMIN_STATUSES[code]
}
