import { describe, expect, it } from 'vitest'
import type { PrincipalTag } from '../../src/identity/principal.ts'
import { toRole } from '../../src/identity/role.ts'
import { toSessionArn, toSessionPrincipal } from '../../src/identity/session.ts'
import { makeSession } from './a-session.ts'

const policy = { name: 'policies[0]', document: '{}' }

function makeRole(tags: readonly PrincipalTag[] = []) {
  return toRole({
    accountId: '111122223333',
    name: 'host',
    path: '/team/',
    trustPolicy: null,
    identityPolicies: [policy],
    permissionsBoundary: policy,
    tags,
    maxSessionSeconds: 3600,
  })
}

describe('toSessionPrincipal', () => {
  it('is a session of the role, with what the role has now', () => {
    expect(toSessionPrincipal(makeSession(), makeRole())).toEqual({
      arn: 'arn:aws:sts::111122223333:assumed-role/host/session@1',
      accountId: '111122223333',
      kind: 'role-session',
      userId: 'AROAEXAMPLE0000000000:session@1',
      userName: null,
      identityPolicies: [policy],
      permissionsBoundary: policy,
      tags: [],
      session: {
        roleArn: 'arn:aws:iam::111122223333:role/team/host',
        roleId: 'AROAEXAMPLE0000000000',
        sessionName: 'session@1',
        issuedAt: new Date('2026-03-01T12:00:00.000Z'),
        policies: [],
        transitiveTagKeys: [],
      },
    })
  })

  it('brings its policy, its source identity and its transitive tag keys along', () => {
    const session = makeSession({ policy: '{"x":1}', sourceIdentity: 'alice', transitiveTagKeys: ['k'] })
    expect(toSessionPrincipal(session, makeRole()).session).toMatchObject({
      policies: [{ document: '{"x":1}' }],
      sourceIdentity: 'alice',
      transitiveTagKeys: ['k'],
    })
  })

  it('has its own tags before those of its role, which it takes the place of whatever their case', () => {
    const session = makeSession({ tags: [{ key: 'department', value: 'engineering' }] })
    const role = makeRole([
      { key: 'Department', value: 'marketing' },
      { key: 'Stage', value: 'prod' },
    ])
    expect(toSessionPrincipal(session, role).tags).toEqual([
      { key: 'department', value: 'engineering' },
      { key: 'Stage', value: 'prod' },
    ])
  })
})

it.each([
  ['arn:aws:iam::111122223333:role/host', 'arn:aws:sts::111122223333:assumed-role/host/s'],
  ['arn:aws-cn:iam::111122223333:role/a/role/host', 'arn:aws-cn:sts::111122223333:assumed-role/host/s'],
])('a session of %s is %s', (roleArn, arn) => {
  expect(toSessionArn({ roleArn, sessionName: 's' })).toBe(arn)
})
