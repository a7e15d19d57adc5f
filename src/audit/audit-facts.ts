import type { JsonObject } from '../core/json.ts'

/** Who made a call, as far as records say it. */
export interface AuditedCaller {
  readonly kind: 'user' | 'role-session' | 'root'
  readonly arn: string
  readonly accountId: string
  /** The unique id: `AIDA…` of a user, `AROA…:SESSION` of a role session. */
  readonly userId: string
  /** The access key that signed; `null` for a caller let in unsigned. */
  readonly accessKeyId: string | null
  /** The role of a session, with its path; left out for other callers. */
  readonly roleArn?: string
  /** When the session began; left out for callers without one, or where it is not known. */
  readonly sessionStartedAt?: Date
}

/** What is known of a call, whether it was answered or refused, before it is put in the form of CloudTrail. */
export interface AuditFacts {
  readonly service: 'kms' | 'sts'
  /** The operation's name in the API, such as `Decrypt`. */
  readonly operation: string
  readonly requestId: string
  readonly caller: AuditedCaller
  readonly region: string
  /** The address that the request came from; the empty text where the transport has none. */
  readonly sourceAddress: string
  /** As it came; `null` where there is none. */
  readonly userAgent: string | null
  /** Why it was refused: the exception's name on the wire, and its text if it has one; `null` where it was answered. */
  readonly refusal: { readonly code: string; readonly text: string | null } | null
  readonly requestParameters: JsonObject | null
  readonly responseElements: JsonObject | null
  readonly additionalEventData: JsonObject | null
  /** The ARNs of the keys and aliases that it was about. */
  readonly resources: readonly string[]
}
