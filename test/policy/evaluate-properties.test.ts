import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCase } from '../../src/policy/case.ts'
import type { Decision } from '../../src/policy/decision.ts'
import { PolicyError } from '../../src/policy/errors.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import type { PolicyCase } from '../support/policy-case.ts'
import { toQuestion } from '../support/policy-case.ts'

const ACCOUNT = '111122223333'
const ALICE = { arn: `arn:aws:iam::${ACCOUNT}:user/alice`, account: ACCOUNT, kind: 'user' } as const
const BOB = { arn: 'arn:aws:iam::444455556666:user/bob', account: '444455556666', kind: 'user' } as const
const ROOT = { arn: `arn:aws:iam::${ACCOUNT}:root`, account: ACCOUNT, kind: 'root' } as const
const SESSION = {
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/host/s`,
  account: ACCOUNT,
  kind: 'role-session',
} as const
const ROLE = `arn:aws:iam::${ACCOUNT}:role/host`

const who = fc.constantFrom(
  '*',
  { AWS: ACCOUNT },
  ...[ALICE, BOB, SESSION].map(({ arn }) => ({ AWS: arn })),
  {
    AWS: ROLE,
  },
)
const operator = fc.constantFrom(
  'StringEquals',
  'StringNotLike',
  'ForAnyValue:StringLike',
  'ForAllValues:StringNotEqualsIgnoreCase',
  'StringEqualsIfExists',
  'ArnLike',
  'ArnNotEquals',
  'NotIpAddress',
)
const conditions = fc.oneof(
  fc.constant({}),
  fc.dictionary(
    operator,
    fc.dictionary(fc.constantFrom('kms:a', 'kms:b'), fc.constantFrom('x', '*', '${kms:a}', "${kms:b, 'x'}"), {
      minKeys: 1,
    }),
    { maxKeys: 2 },
  ),
)
const identityStatement = fc.record({
  Effect: fc.constantFrom('Allow', 'Deny'),
  Action: fc.constantFrom('kms:*', 'kms:Decrypt', 'kms:Encrypt'),
  Resource: fc.constantFrom('*', `arn:aws:kms:*:${ACCOUNT}:key/*`, 'arn:aws:kms:*:*:key/${kms:a}'),
  Condition: conditions,
})
const keyStatement = fc
  .tuple(identityStatement, who)
  .map(([statement, Principal]) => Object.assign({ Principal }, statement))
const listOf = (statement: fc.Arbitrary<object>, minLength = 1): fc.Arbitrary<readonly object[]> =>
  fc.array(statement, { minLength, maxLength: 4 })
const policyOf = (statement: fc.Arbitrary<object>): fc.Arbitrary<object> =>
  listOf(statement).map((Statement) => ({ Version: '2012-10-17', Statement }))
const grant = fc.record({
  granteePrincipal: fc.constantFrom(ALICE.arn, BOB.arn, ROLE, `arn:aws:iam::${ACCOUNT}:root`),
  operations: fc.constantFrom(['Decrypt'], ['Encrypt'], ['Decrypt', 'Encrypt']),
  constraints: fc.constantFrom({}, { EncryptionContextSubset: { a: 'x' } }),
})
const aCase: fc.Arbitrary<PolicyCase> = fc.record({
  keyArn: fc.constantFrom(`arn:aws:kms:us-east-1:${ACCOUNT}:key/x`),
  keyPolicy: policyOf(keyStatement),
  principal: fc.constantFrom(ALICE, BOB, ROOT, SESSION),
  action: fc.constant('kms:Decrypt'),
  identityPolicies: fc.array(policyOf(identityStatement), { maxLength: 2 }),
  permissionsBoundary: fc.oneof(fc.constant(null), policyOf(identityStatement)),
  sessionPolicies: fc.array(policyOf(identityStatement), { maxLength: 2 }),
  grants: fc.array(grant, { maxLength: 2 }),
  context: fc.dictionary(
    fc.constantFrom('kms:a', 'kms:b'),
    fc.oneof(fc.constantFrom('x', '*', 'y'), fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 })),
  ),
  encryptionContext: fc.constantFrom({}, { a: 'x' }),
})

const decide = (given: PolicyCase): Decision['outcome'] => evaluate(toQuestion(given)).outcome
const ALLOW = { Effect: 'Allow', Action: '*', Resource: '*' }
const withStatements = (policy: object | null, more: readonly object[]): object => {
  const { Statement = [] } = (policy ?? {}) as { readonly Statement?: readonly object[] }
  return { Version: '2012-10-17', Statement: [...Statement, ...more] }
}

describe('whatever the policies', () => {
  it('each outcome comes up', () => {
    const seen = new Set(fc.sample(aCase, 500).map(decide))
    expect([...seen].sort()).toEqual(['allow', 'explicit-deny', 'implicit-deny'])
  })

  it('a deny that applies wins, wherever it stands', () => {
    const DENY = { ...ALLOW, Effect: 'Deny' }
    fc.assert(
      fc.property(aCase, fc.nat(3), (given, place) => {
        const denied = [
          { keyPolicy: withStatements(given.keyPolicy, [{ ...DENY, Principal: '*' }]) },
          { identityPolicies: [...(given.identityPolicies ?? []), { Statement: DENY }] },
          { permissionsBoundary: withStatements(given.permissionsBoundary ?? null, [DENY]) },
          { sessionPolicies: [{ Statement: DENY }, ...(given.sessionPolicies ?? [])] },
        ][place]
        expect(decide({ ...given, ...denied })).toBe('explicit-deny')
      }),
    )
  })

  it('more allows never turn an explicit deny into anything else', () => {
    fc.assert(
      fc.property(aCase, grant, (given, more) => {
        fc.pre(decide(given) === 'explicit-deny')
        const wider = {
          ...given,
          keyPolicy: withStatements(given.keyPolicy, [{ ...ALLOW, Principal: '*' }]),
          identityPolicies: [...(given.identityPolicies ?? []), { Statement: ALLOW }],
          sessionPolicies: [...(given.sessionPolicies ?? []), { Statement: ALLOW }],
          grants: [...(given.grants ?? []), more],
        }
        expect(decide(wider)).toBe('explicit-deny')
      }),
    )
  })

  it('a boundary or a session policy never lets anybody in', () => {
    fc.assert(
      fc.property(aCase, (given) => {
        const without = decide({ ...given, permissionsBoundary: null, sessionPolicies: [] })
        if (without !== 'allow') expect(decide(given)).not.toBe('allow')
      }),
    )
  })

  it('nothing is allowed beside a policy that cannot be read', () => {
    const broken = fc.constantFrom({}, { Statement: [] }, { Statement: { ...ALLOW, Conditon: {} } })
    fc.assert(
      fc.property(aCase, broken, fc.nat(3), (given, policy, place) => {
        const change = [
          { keyPolicy: policy },
          { identityPolicies: [policy, ...(given.identityPolicies ?? [])] },
          { permissionsBoundary: policy },
          { sessionPolicies: [...(given.sessionPolicies ?? []), policy] },
        ][place]
        expect(decide({ ...given, ...change })).not.toBe('allow')
      }),
    )
  })

  it('the order of statements decides nothing', () => {
    fc.assert(
      fc.property(aCase, listOf(keyStatement), (given, statements) => {
        const forward = withStatements(null, statements)
        const backward = withStatements(null, statements.toReversed())
        expect(decide({ ...given, keyPolicy: forward })).toBe(decide({ ...given, keyPolicy: backward }))
      }),
    )
  })
})

describe('whatever stands in a case', () => {
  const members = [
    [
      'keyArn',
      'keyPolicy',
      'principal',
      'action',
      'identityPolicies',
      'permissionsBoundary',
      'sessionPolicies',
    ],
    ['grants', 'context', 'encryptionContext'],
  ].flat()

  it('a case with any value for one member is decided, or refused with POLICY_CASE_INVALID', () => {
    fc.assert(
      fc.property(aCase, fc.constantFrom(...members), fc.jsonValue(), (given, member, value) => {
        const text = JSON.stringify({ ...given, [member]: value })
        try {
          const { outcome, reasons } = evaluate(readCase(text))
          expect(['allow', 'explicit-deny', 'implicit-deny']).toContain(outcome)
          expect(reasons.length).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toBeInstanceOf(PolicyError)
          expect(error).toHaveProperty('code', 'POLICY_CASE_INVALID')
        }
      }),
      { numRuns: 500 },
    )
  })
})
