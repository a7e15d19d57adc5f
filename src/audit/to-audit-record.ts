import { parseArn } from '../core/arn.ts'
import type { AuditedCaller, AuditFacts } from './audit-facts.ts'
import type { AuditRecord, SessionContext, UserIdentity } from './audit-record.ts'
import { cut } from './cut.ts'
import { isReadOnly } from './read-only.ts'

/** CloudTrail keeps a kilobyte of each (CloudTrail User Guide, record contents: `userAgent`, `errorMessage`). */
const TEXT_CHARACTERS = 1024

/** Puts what is known of a call in the form of a CloudTrail event. `completedAt` is when it ended. */
export function toAuditRecord(
  facts: AuditFacts,
  { eventId, completedAt }: { readonly eventId: string; readonly completedAt: Date },
): AuditRecord {
  const { caller, refusal, userAgent } = facts
  return {
    eventVersion: '1.11',
    userIdentity: toUserIdentity(caller),
    eventTime: toSeconds(completedAt),
    eventSource: `${facts.service}.amazonaws.com`,
    eventName: facts.operation,
    awsRegion: facts.region,
    sourceIPAddress: facts.sourceAddress,
    ...(userAgent !== null && { userAgent: cut(userAgent, TEXT_CHARACTERS) }),
    ...(refusal && { errorCode: refusal.code }),
    ...(refusal && refusal.text !== null && { errorMessage: cut(refusal.text, TEXT_CHARACTERS) }),
    requestParameters: facts.requestParameters,
    responseElements: facts.responseElements,
    ...(facts.additionalEventData && { additionalEventData: facts.additionalEventData }),
    requestID: facts.requestId,
    eventID: eventId,
    readOnly: isReadOnly(facts.operation),
    resources: facts.resources.map((arn) => ({
      accountId: parseArn(arn)?.accountId ?? '',
      // The samples of CreateAlias and UpdateAlias give aliases this type too.
      type: 'AWS::KMS::Key',
      ARN: arn,
    })),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: caller.accountId,
    eventCategory: 'Management',
  }
}

function toUserIdentity(caller: AuditedCaller): UserIdentity {
  const { kind, arn, accountId, userId, accessKeyId } = caller
  const common = { principalId: userId, arn, accountId, ...(accessKeyId !== null && { accessKeyId }) }
  if (kind === 'root') return { type: 'Root', ...common }
  if (kind === 'user') return { type: 'IAMUser', ...common, userName: arn.slice(arn.lastIndexOf('/') + 1) }
  return { type: 'AssumedRole', ...common, sessionContext: toSessionContext(caller) }
}

/** Where the role is not given it follows from the session's ARN, `arn:…:sts::ACCOUNT:assumed-role/ROLE/SESSION`, but for its path. */
function toSessionContext({
  arn,
  accountId,
  userId,
  roleArn,
  sessionStartedAt,
}: AuditedCaller): SessionContext {
  const [, partition = '', roleName = ''] = /^arn:([^:]*):[^/]*\/([^/]*)\//.exec(arn) ?? []
  const [roleId = ''] = userId.split(':', 1)
  return {
    sessionIssuer: {
      type: 'Role',
      principalId: roleId,
      arn: roleArn ?? `arn:${partition}:iam::${accountId}:role/${roleName}`,
      accountId,
      userName: roleName,
    },
    attributes: {
      ...(sessionStartedAt && { creationDate: toSeconds(sessionStartedAt) }),
      mfaAuthenticated: 'false',
    },
  }
}

/** Such as `2026-03-01T12:00:00Z`. */
function toSeconds(date: Date): string {
  return `${date.toISOString().slice(0, -5)}Z`
}
