import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../../src/policy/document.ts'
import { PolicyError } from '../../src/policy/errors.ts'
import type { PolicyQuestion } from '../../src/policy/evaluate.ts'
import { evaluate } from '../../src/policy/evaluate.ts'

const ACCOUNT = '111122223333'
const ROLE = `arn:aws:iam::${ACCOUNT}:role/team/host`
const ALICE = { arn: `arn:aws:iam::${ACCOUNT}:user/alice`, account: ACCOUNT, kind: 'user' } as const
const BOB = { arn: 'arn:aws:iam::444455556666:user/bob', account: '444455556666', kind: 'user' } as const

function document(...statements: readonly object[]): string {
  const Statement = statements.map((one) => Object.assign({ Effect: 'Allow', Action: 'sts:AssumeRole' }, one))
  return JSON.stringify({ Version: '2012-10-17', Statement })
}

function codeOf(text: string): string {
  try {
    parsePolicy(text, 'trust')
    return 'none'
  } catch (error) {
    return error instanceof PolicyError ? error.code : String(error)
  }
}

describe('a trust policy', () => {
  const anyone = { Principal: '*' }

  it.each([
    ['the actions of roles', { Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'] }],
    ['them in another case', { Action: 'STS:assumerole' }],
    ['federation, which nobody here can use', { Action: 'sts:AssumeRoleWithWebIdentity' }],
    ['wildcards in the name', { Action: ['sts:AssumeRole*', 'sts:*', 'sts:T?gSession'] }],
    ['a service', { Principal: { Service: 'ec2.amazonaws.com' } }],
    ['a deny with NotPrincipal', { Effect: 'Deny', Principal: undefined, NotPrincipal: { AWS: ACCOUNT } }],
  ])('may have %s', (_, changes) => {
    expect(codeOf(document({ ...anyone, ...changes }))).toBe('none')
  })

  it.each([
    ['a resource', { Resource: '*' }, 'POLICY_RESOURCE_FORBIDDEN'],
    ['a resource that is not meant', { NotResource: '*' }, 'POLICY_RESOURCE_FORBIDDEN'],
    ['no action', { Action: undefined }, 'POLICY_ELEMENT_MISSING'],
    ['NotAction', { Action: undefined, NotAction: 'sts:TagSession' }, 'POLICY_TRUST_ACTION_INVALID'],
    ['every action of every service', { Action: '*' }, 'POLICY_TRUST_ACTION_INVALID'],
    ['an action of another service', { Action: ['sts:AssumeRole', 'kms:*'] }, 'POLICY_TRUST_ACTION_INVALID'],
    ['a misspelt action', { Action: 'sts:AssumRole' }, 'POLICY_TRUST_ACTION_INVALID'],
    ['an action of STS that is about no role', { Action: 'sts:Get*' }, 'POLICY_TRUST_ACTION_INVALID'],
    ['no principal', { Principal: undefined }, 'POLICY_PRINCIPAL_MISSING'],
    [
      'an allow with NotPrincipal',
      { Principal: undefined, NotPrincipal: '*' },
      'POLICY_NOT_PRINCIPAL_IN_ALLOW',
    ],
    ['a Sid with a space', { Sid: 'a b' }, 'POLICY_SID_INVALID'],
  ])('may not have %s', (_, changes, code) => {
    expect(codeOf(document({ ...anyone, ...changes }))).toBe(code)
  })
})

function ask(trust: string, changes: Partial<PolicyQuestion> = {}): ReturnType<typeof evaluate> {
  return evaluate({
    keyArn: ROLE,
    keyPolicy: parsePolicy(trust, 'trust'),
    resourceKind: 'role',
    principal: ALICE,
    action: 'sts:AssumeRole',
    resource: ROLE,
    identityPolicies: [],
    context: new Map(),
    ...changes,
  })
}

function identity(resource: string, effect = 'Allow'): PolicyQuestion['identityPolicies'][number] {
  const statement = { Effect: effect, Action: 'sts:AssumeRole', Resource: resource }
  return { name: 'own', policy: parsePolicy(JSON.stringify({ Statement: [statement] }), 'identity') }
}

const NAMED = document({ Principal: { AWS: ALICE.arn } })
const DELEGATED = document({ Principal: { AWS: ACCOUNT } })

describe('evaluate, about a role', () => {
  it('lets in whom the trust policy names, and says so', () => {
    expect(ask(NAMED)).toMatchObject({
      outcome: 'allow',
      by: 'trust-policy',
      reasons: ['trust policy, Statement[0] allows it.'],
      statements: [{ policy: 'trust policy', matched: true }],
    })
  })

  it('leaves it to identity policies where the trust policy names the account', () => {
    expect(ask(DELEGATED)).toMatchObject({ outcome: 'implicit-deny', denial: 'no-identity-policy' })
    const allowed = ask(DELEGATED, { identityPolicies: [identity(`arn:aws:iam::${ACCOUNT}:role/team/*`)] })
    expect(allowed).toMatchObject({ outcome: 'allow', by: 'identity-policy' })
    const elsewhere = ask(DELEGATED, { identityPolicies: [identity(`arn:aws:iam::${ACCOUNT}:role/host`)] })
    expect(elsewhere.outcome).toBe('implicit-deny')
  })

  it('lets nobody in by identity policies alone', () => {
    const trust = document({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/carol` } })
    const decision = ask(trust, { identityPolicies: [identity('*')] })
    expect(decision).toMatchObject({ outcome: 'implicit-deny', denial: 'no-resource-policy' })
    expect(decision.reasons.join(' ')).toContain('No statement of the trust policy allows sts:AssumeRole')
    expect(decision.reasons.join(' ')).toContain('but the trust policy gives it no say here')
  })

  it('wants both sides of another account', () => {
    const trust = document({ Principal: { AWS: BOB.arn } })
    const alone = ask(trust, { principal: BOB })
    expect(alone.outcome).toBe('implicit-deny')
    expect(alone.reasons.join(' ')).toContain(
      'The role is of another account, so its trust policy and an identity policy must both allow',
    )
    expect(ask(trust, { principal: BOB, identityPolicies: [identity(ROLE)] }).outcome).toBe('allow')
    const untrusted = ask(NAMED, { principal: BOB, identityPolicies: [identity(ROLE)] })
    expect(untrusted.reasons.join(' ')).toContain('the trust policy does not')
  })

  it('is stopped by a deny, wherever it stands', () => {
    const denied = document({ Principal: '*' }, { Effect: 'Deny', Principal: { AWS: ALICE.arn } })
    expect(ask(denied).outcome).toBe('explicit-deny')
    expect(ask(NAMED, { identityPolicies: [identity(ROLE, 'Deny')] }).outcome).toBe('explicit-deny')
  })

  it('takes a key policy for no trust policy, and the ARN of a key for no role', () => {
    const statement = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }
    const keyPolicy = parsePolicy(JSON.stringify({ Statement: [statement] }), 'key')
    expect(ask(NAMED, { keyPolicy }).reasons[0]).toBe(
      'The trust policy cannot be used: it is missing, or of the wrong kind.',
    )
    const key = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
    expect(ask(NAMED, { keyArn: key }).reasons).toEqual([
      'Nothing can be decided: the ARN of the role is none.',
    ])
  })

  it('takes a trust policy for no key policy', () => {
    const key = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
    const decision = ask(document({ Principal: '*' }), { keyArn: key, resourceKind: 'key' })
    expect(decision.outcome).toBe('implicit-deny')
  })
})
