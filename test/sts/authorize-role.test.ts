import { describe, expect, it } from 'vitest'
import { HOST, roleArn, SEED, trust } from './a-seed.ts'
import { ACCOUNT, makeSts } from './an-sts.ts'

const sts = makeSts(SEED)
const request = (RoleArn: string, more: Record<string, string> = {}): Record<string, string> => ({
  Action: 'AssumeRole',
  RoleArn,
  RoleSessionName: 'session',
  ...more,
})
const TAG = { 'Tags.member.1.Key': 'team', 'Tags.member.1.Value': 'red' }
const USERS: Readonly<Record<string, string>> = {
  dave: 'arn:aws:iam::444455556666:user/dave',
  erin: 'arn:aws:iam::444455556666:user/erin',
}
const refused = (name: string, role: string, action = 'sts:AssumeRole'): string =>
  `AccessDenied: User: ${USERS[name] ?? `arn:aws:iam::${ACCOUNT}:user/${name}`} is not authorized to perform: ${action} on resource: ${role}`

describe('who may assume a role', () => {
  it.each<[string, string, string, Record<string, string>]>([
    ['a user whom the trust policy names', 'alice', HOST, {}],
    ['one of a trusted account whose identity policy allows it', 'bob', HOST, {}],
    ['anybody of the account whom the trust policy takes in by *', 'carol', roleArn('untagged'), {}],
    [
      'one of another account, with both sides and the external id',
      'dave',
      roleArn('guarded'),
      { ExternalId: 'the-id' },
    ],
    ['one of another account whom * takes in, with an identity policy', 'dave', roleArn('untagged'), {}],
    [
      'a user whom the trust policy names, with tags and source identity',
      'alice',
      HOST,
      { ...TAG, SourceIdentity: 'al' },
    ],
  ])('%s', (_, as, role, more) => {
    expect(sts.refusal(request(role, more), { as })).toMatch(/^answered: Credentials/)
  })

  it.each<[string, string, string, Record<string, string>, string?]>([
    ['one of a trusted account without an identity policy', 'carol', HOST, {}],
    ['anybody, where the role trusts nobody', 'bob', roleArn('untrusted'), {}],
    ['anybody, where there is no such role', 'bob', roleArn('nothing'), {}],
    ['anybody, where the role is named without its path', 'alice', roleArn('host'), {}],
    ['one of another account without the external id', 'dave', roleArn('guarded'), {}],
    [
      'one of another account with another external id',
      'dave',
      roleArn('guarded'),
      { ExternalId: 'other-id' },
    ],
    [
      'one of another account without an identity policy',
      'erin',
      roleArn('guarded'),
      { ExternalId: 'the-id' },
    ],
    ['one of another account whom nobody trusts', 'dave', HOST, {}],
    ['one whose permissions boundary does not allow it', 'bounded', HOST, {}],
    ['one with tags, where only the assuming is trusted', 'bob', HOST, TAG, 'sts:TagSession'],
    [
      'one with tags, where the role is for nothing but assuming',
      'alice',
      roleArn('untagged'),
      TAG,
      'sts:TagSession',
    ],
    [
      'one with a source identity there',
      'alice',
      roleArn('untagged'),
      { SourceIdentity: 'al' },
      'sts:SetSourceIdentity',
    ],
  ])('not %s', (...[, as, role, more, action]) => {
    expect(sts.refusal(request(role, more), { as })).toBe(refused(as, role, action))
  })
})

/** STS with one role that alice may assume under a condition, and whatever else its trust policy says. */
function withTrust(...statements: readonly object[]) {
  const seed = JSON.parse(SEED) as { accounts: Record<string, { roles: Record<string, object> }> }
  Object.assign(seed.accounts[ACCOUNT]?.roles ?? {}, {
    tried: { trust: trust(...statements), tags: { Stage: 'prod' } },
  })
  return makeSts(JSON.stringify(seed))
}

describe('conditions of a trust policy', () => {
  const alice = { AWS: `arn:aws:iam::${ACCOUNT}:user/alice` }
  const all = {
    ...TAG,
    'TransitiveTagKeys.member.1': 'team',
    SourceIdentity: 'al',
    ExternalId: 'the-id',
  }

  it.each<[string, object, Record<string, string>]>([
    [
      'sts:RoleSessionName',
      { StringEquals: { 'sts:RoleSessionName': 'session' } },
      { RoleSessionName: 'another' },
    ],
    [
      'sts:RoleSessionName as a variable',
      { StringEquals: { 'sts:RoleSessionName': ['session', '${aws:username}'] } },
      { RoleSessionName: 'bob' },
    ],
    ['sts:ExternalId', { StringEquals: { 'sts:ExternalId': 'the-id' } }, { ExternalId: 'an-id' }],
    ['sts:SourceIdentity', { StringEquals: { 'sts:SourceIdentity': 'al' } }, { SourceIdentity: 'bo' }],
    ['aws:RequestTag', { StringEquals: { 'aws:RequestTag/team': 'red' } }, { 'Tags.member.1.Value': 'blue' }],
    [
      'aws:TagKeys',
      { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } },
      { 'Tags.member.2.Key': 'x', 'Tags.member.2.Value': '' },
    ],
    [
      'sts:TransitiveTagKeys',
      { 'ForAllValues:StringEquals': { 'sts:TransitiveTagKeys': ['team'] } },
      { 'Tags.member.2.Key': 'x', 'Tags.member.2.Value': '', 'TransitiveTagKeys.member.2': 'x' },
    ],
  ])('%s', (_, Condition, change) => {
    const tried = withTrust({ Principal: alice, Condition })
    expect(tried.refusal(request(roleArn('tried'), all))).toMatch(/^answered/)
    expect(tried.refusal(request(roleArn('tried'), { ...all, ...change }))).toBe(
      refused('alice', roleArn('tried')),
    )
  })

  it.each<[string, object, boolean]>([
    ['aws:PrincipalTag', { StringEquals: { 'aws:PrincipalTag/team': 'blue' } }, true],
    ['aws:PrincipalTag of another value', { StringEquals: { 'aws:PrincipalTag/team': 'red' } }, false],
    ['aws:PrincipalArn', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:user/al*` } }, true],
    ['aws:PrincipalAccount', { StringEquals: { 'aws:PrincipalAccount': '${aws:ResourceAccount}' } }, true],
    [
      'aws:ResourceTag',
      { StringEquals: { 'aws:ResourceTag/Stage': 'prod', 'iam:ResourceTag/Stage': 'prod' } },
      true,
    ],
    ['aws:SourceIp', { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }, true],
    ['aws:SourceIp elsewhere', { IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } }, false],
    ['aws:CurrentTime', { DateGreaterThan: { 'aws:CurrentTime': '2026-03-01T12:00:00Z' } }, true],
    [
      'aws:MultiFactorAuthPresent, which nobody has',
      { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
      false,
    ],
  ])('%s', (_, Condition, holds) => {
    const answer = withTrust({ Principal: '*', Condition }).refusal(request(roleArn('tried')))
    expect(answer.startsWith('answered')).toBe(holds)
  })

  it('a deny of one of the three actions stops the whole request', () => {
    const tried = withTrust({ Principal: '*' }, { Principal: '*', Effect: 'Deny', Action: 'sts:TagSession' })
    expect(tried.refusal(request(roleArn('tried')))).toMatch(/^answered/)
    expect(tried.refusal(request(roleArn('tried'), TAG))).toBe(
      refused('alice', roleArn('tried'), 'sts:TagSession'),
    )
  })

  it('a policy that cannot be used lets nobody in', () => {
    const tried = withTrust({ Principal: '*', Condition: { StringLike: { 'aws:Referer': '*' } } })
    expect(tried.refusal(request(roleArn('tried')))).toBe(refused('alice', roleArn('tried')))
    expect(tried.lastRecord()?.decisions[0]?.reasons[0]).toContain('aws:Referer')
  })
})

describe('the decision record of AssumeRole', () => {
  it('tells each question with its condition keys and statements, and the result', () => {
    sts.ask(request(HOST, { ...TAG, ExternalId: 'the-id' }))
    expect(sts.lastRecord()).toMatchObject({
      operation: 'AssumeRole',
      region: 'us-east-1',
      caller: {
        arn: `arn:aws:iam::${ACCOUNT}:user/alice`,
        accountId: ACCOUNT,
        accessKeyId: 'AKIATESTTESTTESTTEST',
      },
      keyArn: null,
      attestation: null,
      decisions: [
        {
          action: 'sts:AssumeRole',
          resource: HOST,
          outcome: 'allow',
          by: 'trust-policy',
          conditionKeys: {
            'sts:RoleSessionName': 'session',
            'sts:ExternalId': 'the-id',
            'aws:RequestTag/team': 'red',
            'aws:TagKeys': ['team'],
            'aws:ResourceTag/Stage': 'prod',
          },
          statements: [
            { policy: 'trust policy', matched: true },
            { policy: 'trust policy', matched: true },
          ],
        },
        { action: 'sts:TagSession', outcome: 'allow' },
      ],
      result: { outcome: 'answered', error: null, reason: null },
    })
    expect(JSON.stringify(sts.lastRecord())).not.toMatch(/ASIA|SecretAccessKey/)
  })

  it.each([
    [roleArn('nothing'), 'The trust policy cannot be used: there is no such role.'],
    [roleArn('untrusted'), 'The trust policy cannot be used: the role has none.'],
  ])('says what the caller is not told of %s', (role, reason) => {
    expect(sts.refusal(request(role))).toMatch(/^AccessDenied/)
    expect(sts.lastRecord()).toMatchObject({
      decisions: [{ outcome: 'implicit-deny', reasons: expect.arrayContaining([reason]) }],
      result: { outcome: 'refused', error: 'AccessDenied' },
    })
  })
})
