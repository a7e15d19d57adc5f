import type { JsonObject } from '../core/json.ts'
import type { AuthenticatedCaller } from '../identity/principal.ts'

/** One request for one operation, after its signature was verified and its body was read as strict JSON. */
export interface Call {
  /** A UUID; the answer's `x-amzn-RequestId` and the name of the decision record. */
  readonly requestId: string
  readonly caller: AuthenticatedCaller
  /** The body as it came: nothing in it has been checked but that it is a JSON object. */
  readonly input: JsonObject
  readonly receivedAt: Date
  readonly origin: Origin
}

/** The way that a request came. */
export interface Origin {
  /** The address that it came from; the empty text where the transport has none. */
  readonly address: string
  readonly userAgent: string | null
  /** Whether it came over TLS. */
  readonly secureTransport: boolean
  /** The AWS service that calls for the caller, such as `s3.us-east-1.amazonaws.com`; in lab mode a caller may say so. */
  readonly viaService: string | null
  /** The resource that such a call is about. */
  readonly sourceArn: string | null
}

/** What an operation that succeeded answers. */
export interface Answer {
  /** The members of the output; `null` for an operation that has none (an empty body). */
  readonly body: JsonObject | null
  /** For the log, not for the caller: what was ignored, in words without values of the request. */
  readonly warnings: readonly string[]
}
