import type { StsErrorCode } from '../sts/errors.ts'
import type { HttpErrorCode, RequestErrorCode } from './errors.ts'

/** How an error of STS looks on the wire. */
export interface StsWireError {
  readonly status: 400 | 403 | 404 | 413 | 500
  /** The text of `Code`. */
  readonly code: string
  /** Words in place of those that the JSON protocol has for it. */
  readonly text?: string
}

/** Statuses as recorded from the real service; the others as in AWS STS API Reference, Common Errors. */
const STS_STATUSES = {
  AccessDenied: 403,
  InternalFailure: 500,
  InvalidAction: 400,
  InvalidParameterValue: 400,
  MalformedInput: 400,
  MalformedPolicyDocument: 400,
  MissingAction: 400,
  PackedPolicyTooLarge: 400,
  ValidationError: 400,
} as const satisfies Record<StsErrorCode, StsWireError['status']>

const incomplete = { status: 400, code: 'IncompleteSignature' } as const
const mismatch = { status: 403, code: 'SignatureDoesNotMatch' } as const
const unknownClient = { status: 403, code: 'InvalidClientTokenId' } as const
const accessDenied = { status: 403, code: 'AccessDenied' } as const
const malformed = { status: 400, code: 'MalformedInput' } as const
const internal = { status: 500, code: 'InternalFailure' } as const

/** What is refused in front of the actions. Rows that say `internal` are codes that a request to STS never ends in. */
const HTTP_ERRORS: Readonly<Partial<Record<HttpErrorCode, StsWireError>>> = {
  ROUTE_UNKNOWN: internal,
  CONTENT_TYPE_UNSUPPORTED: internal,
  OPERATION_UNKNOWN: internal,
  BODY_TOO_LARGE: { status: 413, code: 'RequestEntityTooLarge' },
  BODY_INCOMPLETE: { ...malformed, text: 'The request is incomplete.' },
  BODY_NOT_JSON: internal,
  BODY_IS_LIST: internal,
  BODY_NOT_OBJECT: internal,
  AUTHENTICATION_MISSING: {
    status: 403,
    code: 'MissingAuthenticationToken',
    text: 'Request is missing Authentication Token',
  },
  AUTHORIZATION_MALFORMED: incomplete,
  SIGNING_TIME_INVALID: incomplete,
  SCOPE_INVALID: mismatch,
  SIGNATURE_EXPIRED: mismatch,
  SIGNATURE_NOT_YET_CURRENT: mismatch,
  HEADER_NOT_SIGNED: mismatch,
  PAYLOAD_HASH_MISMATCH: mismatch,
  SIGNATURE_MISMATCH: mismatch,
  ACCESS_KEY_UNKNOWN: unknownClient,
  SESSION_TOKEN_UNKNOWN: unknownClient,
  SESSION_TOKEN_UNEXPECTED: unknownClient,
  SESSION_KEY_MISMATCH: unknownClient,
  SESSION_PARTITION_FOREIGN: unknownClient,
  SESSION_ROLE_UNKNOWN: unknownClient,
  SESSION_TOKEN_EXPIRED: { status: 403, code: 'ExpiredToken' },
  HOST_FOREIGN: accessDenied,
  ORIGIN_FOREIGN: accessDenied,
  VIA_SERVICE_INVALID: { status: 400, code: 'ValidationError' },
  SOURCE_ARN_INVALID: { status: 400, code: 'ValidationError' },
  CAPACITY_EXCEEDED: { status: 400, code: 'Throttling' },
} satisfies Record<RequestErrorCode, StsWireError>

/** How an action's error looks on the wire. */
export function wireErrorOfSts(code: StsErrorCode): StsWireError {
  return { status: STS_STATUSES[code], code }
}

/** How a refusal in front of the actions looks on the wire; `undefined` for codes of other listeners. */
export function stsErrorOfHttp(code: HttpErrorCode): StsWireError | undefined {
  return HTTP_ERRORS[code]
}
