import type { JsonObject } from '../core/json.ts'

/** Whose role a session has, and since when. */
export interface SessionContext {
  readonly sessionIssuer: {
    readonly type: 'Role'
    readonly principalId: string
    readonly arn: string
    readonly accountId: string
    readonly userName: string
  }
  readonly attributes: { readonly creationDate?: string; readonly mfaAuthenticated: 'false' }
}

/** Who made a call (CloudTrail User Guide, "CloudTrail userIdentity element"). */
export interface UserIdentity {
  readonly type: 'IAMUser' | 'AssumedRole' | 'Root'
  readonly principalId: string
  readonly arn: string
  readonly accountId: string
  /** Left out for a caller let in unsigned. */
  readonly accessKeyId?: string
  /** Of users only. */
  readonly userName?: string
  /** Of role sessions only. */
  readonly sessionContext?: SessionContext
}

/**
 * One call, in the form of a CloudTrail event (CloudTrail User Guide, "CloudTrail record contents for management, data,
 * and network activity events"; AWS KMS Developer Guide, "Examples of AWS KMS log entries").
 */
export interface AuditRecord {
  readonly eventVersion: '1.11'
  readonly userIdentity: UserIdentity
  /** When the call was completed, UTC, to the second. */
  readonly eventTime: string
  readonly eventSource: 'kms.amazonaws.com' | 'sts.amazonaws.com'
  readonly eventName: string
  readonly awsRegion: string
  readonly sourceIPAddress: string
  /** Left out where the request has none. */
  readonly userAgent?: string
  /** Of refused calls only: the name of the exception. */
  readonly errorCode?: string
  /** Of refused calls whose exception has a text. */
  readonly errorMessage?: string
  readonly requestParameters: JsonObject | null
  readonly responseElements: JsonObject | null
  /** Left out where there is nothing to add. */
  readonly additionalEventData?: JsonObject
  readonly requestID: string
  readonly eventID: string
  readonly readOnly: boolean
  readonly resources: readonly {
    readonly accountId: string
    readonly type: 'AWS::KMS::Key'
    readonly ARN: string
  }[]
  readonly eventType: 'AwsApiCall'
  readonly managementEvent: true
  readonly recipientAccountId: string
  readonly eventCategory: 'Management'
}
