import { describe, expect, it } from 'vitest'
import type { AuditFacts } from '../../src/audit/audit-facts.ts'
import { isReadOnly } from '../../src/audit/read-only.ts'
import { toAuditRecord } from '../../src/audit/to-audit-record.ts'
import { KEY, makeFacts } from './a-call.ts'

const make = (changes: Partial<AuditFacts> = {}, completedAt = '2020-07-27T22:58:24.999Z') =>
  toAuditRecord(makeFacts(changes), { eventId: 'event', completedAt: new Date(completedAt) })

/** What every record has (AWS KMS Developer Guide, Decrypt: the sample entry over a post-quantum connection). */
const ALWAYS = [
  'awsRegion',
  'eventCategory',
  'eventID',
  'eventName',
  'eventSource',
  'eventTime',
  'eventType',
  'eventVersion',
  'managementEvent',
  'readOnly',
  'recipientAccountId',
  'requestID',
  'requestParameters',
  'resources',
  'responseElements',
  'sourceIPAddress',
  'userIdentity',
]

describe('toAuditRecord', () => {
  it('puts a call in the form of the sample "Decrypt (for an enclave)" of the Developer Guide', () => {
    const requestParameters = { encryptionAlgorithm: 'SYMMETRIC_DEFAULT', keyId: KEY }
    const recipient = { attestationDocumentModuleId: 'i-123456789abcde123-enc123456789abcde12' }
    expect(make({ requestParameters, additionalEventData: { recipient }, resources: [KEY] })).toEqual({
      eventVersion: '1.11',
      userIdentity: {
        type: 'IAMUser',
        principalId: 'AIDAALICE',
        arn: 'arn:aws:iam::111122223333:user/Alice',
        accountId: '111122223333',
        accessKeyId: 'AKIAALICE',
        userName: 'Alice',
      },
      eventTime: '2020-07-27T22:58:24Z',
      eventSource: 'kms.amazonaws.com',
      eventName: 'Decrypt',
      awsRegion: 'us-west-2',
      sourceIPAddress: '192.0.2.0',
      userAgent: 'aws-sdk-js/3',
      requestParameters,
      responseElements: null,
      additionalEventData: { recipient },
      requestID: 'b4a65126-30d5-4b28-98b9-9153da559963',
      eventID: 'event',
      readOnly: true,
      resources: [{ accountId: '111122223333', type: 'AWS::KMS::Key', ARN: KEY }],
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: '111122223333',
      eventCategory: 'Management',
    })
  })

  it('leaves out what a call does not have', () => {
    expect(Object.keys(make({ userAgent: null })).sort()).toEqual(ALWAYS)
  })

  it('names the exception of a refused call and its text, where it has one', () => {
    const refused = make({ refusal: { code: 'IncorrectKeyException', text: 'The key ID …' } })
    expect(refused).toMatchObject({ errorCode: 'IncorrectKeyException', errorMessage: 'The key ID …' })
    const silent = make({ refusal: { code: 'KMSInternalException', text: null } })
    expect(silent).toMatchObject({ errorCode: 'KMSInternalException' })
    expect(silent).not.toHaveProperty('errorMessage')
  })

  it('cuts texts that a caller can make long', () => {
    const long = 'x'.repeat(100_000)
    const record = make({ userAgent: long, refusal: { code: 'ValidationException', text: long } })
    expect([record.userAgent, record.errorMessage]).toEqual([`${'x'.repeat(1024)}…`, `${'x'.repeat(1024)}…`])
  })

  it('shows a user with a path by the name alone, and an unsigned one without access key', () => {
    const arn = 'arn:aws-us-gov:iam::111122223333:user/team/a/Bob'
    const { userIdentity } = make({ caller: { ...makeFacts().caller, arn, accessKeyId: null } })
    expect(userIdentity).toEqual({
      type: 'IAMUser',
      principalId: 'AIDAALICE',
      arn,
      accountId: '111122223333',
      userName: 'Bob',
    })
  })

  const session = {
    kind: 'role-session',
    arn: 'arn:aws:sts::123456789012:assumed-role/RoleToBeAssumed/MySessionName',
    accountId: '123456789012',
    userId: 'AROAIDPPEZS35WEXAMPLE:MySessionName',
    accessKeyId: 'ASIA',
  } as const

  it('shows a role session as in the sample of the CloudTrail User Guide, "userIdentity element"', () => {
    const sessionStartedAt = new Date('2013-11-02T01:06:28Z')
    expect(make({ caller: { ...session, sessionStartedAt } }).userIdentity).toEqual({
      type: 'AssumedRole',
      principalId: 'AROAIDPPEZS35WEXAMPLE:MySessionName',
      arn: 'arn:aws:sts::123456789012:assumed-role/RoleToBeAssumed/MySessionName',
      accountId: '123456789012',
      accessKeyId: 'ASIA',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAIDPPEZS35WEXAMPLE',
          arn: 'arn:aws:iam::123456789012:role/RoleToBeAssumed',
          accountId: '123456789012',
          userName: 'RoleToBeAssumed',
        },
        attributes: { creationDate: '2013-11-02T01:06:28Z', mfaAuthenticated: 'false' },
      },
    })
  })

  it('leaves the start of a session out where it is not known', () => {
    const { sessionContext } = make({ caller: session }).userIdentity
    expect(sessionContext?.attributes).toEqual({ mfaAuthenticated: 'false' })
  })

  it('shows the root user without a name', () => {
    const arn = 'arn:aws:iam::111122223333:root'
    const caller = { ...makeFacts().caller, kind: 'root', arn, userId: '111122223333' } as const
    expect(make({ caller }).userIdentity).toEqual({
      type: 'Root',
      principalId: '111122223333',
      arn,
      accountId: '111122223333',
      accessKeyId: 'AKIAALICE',
    })
  })

  it('takes calls of STS, too', () => {
    const record = make({ service: 'sts', operation: 'GetCallerIdentity' })
    expect(record).toMatchObject({ eventSource: 'sts.amazonaws.com', readOnly: true })
  })
})

describe('isReadOnly', () => {
  it.each([
    'Decrypt',
    'DeriveSharedSecret',
    'DescribeKey',
    'Encrypt',
    'GenerateDataKeyPairWithoutPlaintext',
    'GenerateMac',
    'GenerateRandom',
    'GetKeyPolicy',
    'ListGrants',
    'ReEncrypt',
    'Sign',
    'VerifyMac',
  ])('%s: yes', (operation) => expect(isReadOnly(operation)).toBe(true))

  it.each([
    'CancelKeyDeletion',
    'CreateGrant',
    'CreateKey',
    'DeleteAlias',
    'DisableKey',
    'EnableKey',
    'ImportKeyMaterial',
    'PutKeyPolicy',
    'RetireGrant',
    'RevokeGrant',
    'ScheduleKeyDeletion',
    'TagResource',
    'UpdateAlias',
    'SomethingNew',
  ])('%s: no', (operation) => expect(isReadOnly(operation)).toBe(false))
})
