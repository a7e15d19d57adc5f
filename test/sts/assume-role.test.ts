import { describe, expect, it } from 'vitest'
import { HOST, roleArn, SEED, trust } from './a-seed.ts'
import { makeSts, NOW } from './an-sts.ts'

const sts = makeSts(SEED)
const base = { Action: 'AssumeRole', RoleArn: HOST, RoleSessionName: 'session' }
const POLICY = '{"Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"*"}]}'

const tag = (at: number, key: string, value = 'v') => ({
  [`Tags.member.${at}.Key`]: key,
  [`Tags.member.${at}.Value`]: value,
})

describe('AssumeRole answers', () => {
  it('with temporary credentials for an hour, and who they are', () => {
    const answer = sts.ask(base)
    expect(answer).toEqual({
      Credentials: {
        AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
        SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
        SessionToken: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
        Expiration: '2026-03-01T13:00:00Z',
      },
      AssumedRoleUser: {
        AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:session$/),
        Arn: 'arn:aws:sts::111122223333:assumed-role/host/session',
      },
    })
  })

  it('with a token that holds the session', () => {
    const parameters = { ...base, DurationSeconds: '900', SourceIdentity: 'alice' }
    const { Credentials, SourceIdentity } = sts.ask(parameters) as Record<string, Record<string, string>>
    expect(SourceIdentity).toBe('alice')
    expect(sts.services.sessions.open(Credentials?.['SessionToken'] ?? '')).toEqual({
      accessKeyId: Credentials?.['AccessKeyId'],
      secretAccessKey: Credentials?.['SecretAccessKey'],
      roleArn: HOST,
      roleId: sts.services.identities.findRole(HOST)?.roleId,
      sessionName: 'session',
      sourceIdentity: 'alice',
      policy: null,
      tags: [],
      transitiveTagKeys: [],
      issuedAt: NOW,
      expiresAt: new Date('2026-03-01T12:15:00Z'),
    })
  })

  it('with a session policy and tags, and how much of their room they take', () => {
    const parameters = {
      ...base,
      Policy: JSON.stringify(JSON.parse(POLICY), null, 2),
      'Tags.member.1.Key': 'team',
      'Tags.member.1.Value': 'red',
      'Tags.member.2.Key': 'cost',
      'Tags.member.2.Value': '',
      'TransitiveTagKeys.member.1': 'TEAM',
    }
    expect(sts.ask(parameters)['PackedPolicySize']).toMatch(/^[1-9]$/)
    const principal = sts.assume(parameters)
    expect(principal.session).toMatchObject({ policies: [{ document: POLICY }], transitiveTagKeys: ['team'] })
    expect(principal.tags).toEqual([
      { key: 'team', value: 'red' },
      { key: 'cost', value: '' },
      { key: 'Stage', value: 'prod' },
      { key: 'Owner', value: 'team' },
    ])
  })

  it('with a token that fits into the headers of a request, however much it holds', () => {
    const path = `/${'p'.repeat(510)}/`
    const name = 'r'.repeat(64)
    const seed = JSON.parse(SEED) as { accounts: Record<string, { roles: Record<string, object> }> }
    const allowed = trust({ Principal: { AWS: 'arn:aws:iam::111122223333:user/alice' } })
    Object.assign(seed.accounts['111122223333']?.roles ?? {}, { [name]: { path, trust: allowed } })
    const tags = Array.from({ length: 15 }, (_, at) => tag(at + 1, `k${at}`, 'v'.repeat(256)))
    const parameters = {
      ...base,
      RoleArn: `arn:aws:iam::111122223333:role${path}${name}`,
      RoleSessionName: 's'.repeat(64),
      SourceIdentity: 'i'.repeat(64),
      ...(Object.assign({}, ...tags) as Record<string, string>),
    }
    const { Credentials, PackedPolicySize } = makeSts(JSON.stringify(seed)).ask(parameters)
    expect(Number(PackedPolicySize)).toBeGreaterThan(95)
    const { SessionToken } = Credentials as Readonly<Record<string, string>>
    expect(SessionToken?.length).toBeLessThan(7000)
  })

  it('in another partition with ARNs of that one', () => {
    const RoleArn = HOST.replace('arn:aws:', 'arn:aws-us-gov:')
    const trusting = makeSts(SEED.replaceAll('arn:aws:iam', 'arn:aws-us-gov:iam'))
    const answer = trusting.ask({ ...base, RoleArn }, { region: 'us-gov-west-1' })
    expect(answer['AssumedRoleUser']).toMatchObject({
      Arn: 'arn:aws-us-gov:sts::111122223333:assumed-role/host/session',
    })
    expect(trusting.refusal({ ...base, RoleArn })).toMatch(/^AccessDenied/)
  })
})

const violation = (what: string): string => `ValidationError: 1 validation error detected: ${what}`

describe('AssumeRole refuses', () => {
  it.each<[string, Record<string, string>, string]>([
    [
      'neither role nor name',
      { RoleArn: 'x', RoleSessionName: 'y' },
      "ValidationError: 2 validation errors detected: Value 'x' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20; Value 'y' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2",
    ],
    [
      'a session name with a slash',
      { RoleSessionName: 'a/b' },
      violation(
        String.raw`Value 'a/b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`,
      ),
    ],
    [
      'a session name of 65 characters',
      { RoleSessionName: 's'.repeat(65) },
      violation(
        `Value '${'s'.repeat(65)}' at 'roleSessionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
      ),
    ],
    [
      'a session of 899 seconds',
      { DurationSeconds: '899' },
      violation(
        "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
      ),
    ],
    [
      'a session of 43201 seconds',
      { DurationSeconds: '43201' },
      violation(
        "Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
      ),
    ],
    [
      'a duration that is no integer',
      { DurationSeconds: '1h' },
      'MalformedInput: DurationSeconds takes an integer.',
    ],
    [
      'a session longer than the role allows',
      { DurationSeconds: '7201' },
      'ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    ],
    [
      'the ARN of a user',
      { RoleArn: 'arn:aws:iam::111122223333:user/alice' },
      'ValidationError: arn:aws:iam::111122223333:user/alice is invalid',
    ],
    [
      'a role of no account',
      { RoleArn: 'arn:aws:iam::1111:role/team/host' },
      'ValidationError: arn:aws:iam::1111:role/team/host is invalid',
    ],
    [
      'an empty external id',
      { ExternalId: '' },
      "ValidationError: 1 validation error detected: Value '' at 'externalId' failed to satisfy constraint: Member must have length greater than or equal to 2",
    ],
    [
      'a session policy over 2048 characters, without repeating it',
      { Policy: ' '.repeat(2049) },
      violation(
        "Value at 'policy' failed to satisfy constraint: Member must have length less than or equal to 2048",
      ),
    ],
    [
      'a session policy that is none',
      { Policy: '{}' },
      'MalformedPolicyDocument: Statement is missing or empty',
    ],
    [
      'no JSON',
      { Policy: 'allow' },
      'MalformedPolicyDocument: the policy is not JSON, or gives a member twice',
    ],
    [
      'a session policy that asks what nothing here can answer',
      { Policy: POLICY.replace('"Resource"', '"Condition":{"StringLike":{"aws:Referer":"*"}},"Resource"') },
      'MalformedPolicyDocument: Statement[0].Condition.StringLike: the condition key "aws:Referer" is not supported by this service',
    ],
    [
      'two tags that differ in case alone',
      { ...tag(1, 'Team'), ...tag(2, 'team') },
      'InvalidParameterValue: Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    ],
    [
      'a tag of AWS',
      tag(1, 'AWS:x'),
      'InvalidParameterValue: Tag keys that begin with aws: are reserved for AWS.',
    ],
    [
      'a transitive tag that is not there',
      { ...tag(1, 'a'), 'TransitiveTagKeys.member.1': 'b' },
      'InvalidParameterValue: The specified transitive tag key must be included in the requested tags.',
    ],
    [
      'a tag without a value',
      { 'Tags.member.1.Key': 'a' },
      violation("Value null at 'tags.1.member.value' failed to satisfy constraint: Member must not be null"),
    ],
    [
      'a tag key with a star',
      tag(1, 'a*'),
      violation(
        String.raw`Value 'a*' at 'tags.1.member.key' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]+`,
      ),
    ],
    [
      '51 tags',
      Object.assign({}, ...Array.from({ length: 51 }, (_, at) => tag(at + 1, `k${at}`))) as Record<
        string,
        string
      >,
      violation(
        "Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
      ),
    ],
    [
      'tags that do not fit',
      Object.assign(
        {},
        ...Array.from({ length: 20 }, (_, at) => tag(at + 1, `k${at}`, 'v'.repeat(256))),
      ) as Record<string, string>,
      'PackedPolicyTooLarge: Packed size of session tags consumes 131% of allotted space.',
    ],
    [
      'tags that do not fit beside a policy',
      Object.assign(
        { Policy: POLICY.replace('*', 'x'.repeat(1500)).replace('"x', '"arn:aws:kms:::x') },
        ...Array.from({ length: 10 }, (_, at) => tag(at + 1, `k${at}`, 'v'.repeat(256))),
      ) as Record<string, string>,
      'PackedPolicyTooLarge: Packed size of session policy and tags consumes 105% of allotted space.',
    ],
    [
      'managed policies',
      { 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
      'ValidationError: PolicyArns is not supported by this service: it has no managed policies and no identity contexts.',
    ],
    ['a misspelt policy', { policy: POLICY }, "ValidationError: 'policy' is no parameter of AssumeRole."],
    [
      'a list that begins at 0',
      { 'TransitiveTagKeys.member.0': 'a' },
      "ValidationError: 'TransitiveTagKeys.member.0' is no parameter of AssumeRole.",
    ],
    [
      'a second factor',
      { SerialNumber: 'arn:aws:iam::111122223333:mfa/alice', TokenCode: '123456' },
      'AccessDenied: MultiFactorAuthentication failed: nobody here has an MFA device.',
    ],
  ])('%s', (_, changes, error) => {
    expect(sts.refusal({ ...base, ...changes })).toBe(error)
  })

  it('a request without its required parameters', () => {
    expect(sts.refusal({ Action: 'AssumeRole' })).toBe(
      "ValidationError: 2 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null; Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null",
    )
  })

  it('the root user, whatever trusts him', () => {
    expect(sts.refusal({ ...base, RoleArn: roleArn('untagged') }, { as: 'root' })).toBe(
      'AccessDenied: Roles may not be assumed by root accounts.',
    )
  })
})

describe('a chain of roles', () => {
  const spoke = { RoleArn: roleArn('spoke'), RoleSessionName: 'second' }
  const hub = (parameters: Record<string, string> = {}) =>
    sts.assume({ RoleArn: roleArn('hub'), RoleSessionName: 'first', ...parameters })

  it('hands transitive tags on, and no others', () => {
    const first = hub({
      ...tag(1, 'team', 'red'),
      ...tag(2, 'cost', '42'),
      'TransitiveTagKeys.member.1': 'team',
    })
    const second = sts.assume(spoke, { as: first })
    expect(second.tags).toEqual([{ key: 'team', value: 'red' }])
    expect(second.session?.transitiveTagKeys).toEqual(['team'])
  })

  it('does not let an inherited tag be set anew', () => {
    const first = hub({ ...tag(1, 'team', 'red'), 'TransitiveTagKeys.member.1': 'team' })
    expect(sts.refusal({ Action: 'AssumeRole', ...spoke, ...tag(1, 'Team', 'blue') }, { as: first })).toBe(
      "InvalidParameterValue: One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    )
  })

  it('hands the source identity on, and lets nobody change it', () => {
    const first = hub({ SourceIdentity: 'alice' })
    expect(sts.assume(spoke, { as: first }).session?.sourceIdentity).toBe('alice')
    expect(sts.assume({ ...spoke, SourceIdentity: 'alice' }, { as: first }).session?.sourceIdentity).toBe(
      'alice',
    )
    expect(sts.refusal({ Action: 'AssumeRole', ...spoke, SourceIdentity: 'bob' }, { as: first })).toBe(
      `AccessDenied: User: arn:aws:sts::111122223333:assumed-role/hub/first is not authorized to perform: sts:SetSourceIdentity on resource: ${roleArn('spoke')}`,
    )
  })

  it('has sessions of an hour at most', () => {
    const first = hub()
    expect(sts.assume({ ...spoke, DurationSeconds: '3600' }, { as: first }).kind).toBe('role-session')
    expect(sts.refusal({ Action: 'AssumeRole', ...spoke, DurationSeconds: '3601' }, { as: first })).toBe(
      'ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    )
  })

  it('is limited by the session policy of its first session', () => {
    const first = hub({ Policy: POLICY })
    expect(sts.refusal({ Action: 'AssumeRole', ...spoke }, { as: first })).toMatch(
      /^AccessDenied: .*sts:AssumeRole/,
    )
  })
})
