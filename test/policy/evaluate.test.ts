import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { denialText } from '../../src/policy/denial-clause.ts'
import { parsePolicy } from '../../src/policy/document.ts'
import type { PolicyQuestion } from '../../src/policy/evaluate.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import type { PolicyCase } from '../support/policy-case.ts'
import { toQuestion } from '../support/policy-case.ts'

const KEY_ARN = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const ALICE = { arn: 'arn:aws:iam::111122223333:user/alice', account: '111122223333', kind: 'user' } as const
const BOB = { arn: 'arn:aws:iam::444455556666:user/bob', account: '444455556666', kind: 'user' } as const
const ROLE = 'arn:aws:iam::111122223333:role/enclave-host'

const ALLOW_ALL = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }
const DENY_ALL = { Statement: { Effect: 'Deny', Action: '*', Resource: '*' } }

function keyPolicy(...statements: readonly object[]): object {
  return {
    Version: '2012-10-17',
    Statement: statements.map((one) => Object.assign({ Action: 'kms:Decrypt', Resource: '*' }, one)),
  }
}

function ask(given: Partial<PolicyCase>): ReturnType<typeof evaluate> {
  return evaluate(
    toQuestion({ keyArn: KEY_ARN, keyPolicy: null, principal: ALICE, action: 'kms:Decrypt', ...given }),
  )
}

describe('the trace', () => {
  const decision = ask({
    keyPolicy: keyPolicy(
      { Sid: 'a', Effect: 'Allow', Principal: { AWS: ROLE } },
      { Sid: 'b', Effect: 'Allow', Principal: '*', Action: ['kms:Encrypt', 'kms:Sign'] },
      { Effect: 'Deny', Principal: '*', Resource: `${KEY_ARN}0` },
      {
        Effect: 'Allow',
        Principal: '*',
        Condition: {
          Null: { 'kms:ViaService': true },
          StringLike: { 'kms:RequestAlias': ['alias/a*', 'alias/b'] },
        },
      },
    ),
    identityPolicies: [{ Statement: [{ Effect: 'Deny', NotAction: 'kms:Decrypt', Resource: '*' }] }],
    context: { 'kms:requestalias': 'alias/c' },
  })

  it('holds every statement, with the first thing that did not match', () => {
    const none = { operator: null, key: null }
    const line = { policy: 'key policy', sid: null, matched: false }
    expect(decision.statements).toEqual([
      {
        ...line,
        index: 0,
        sid: 'a',
        effect: 'Allow',
        mismatch: {
          element: 'Principal',
          ...none,
          expected: [ROLE],
          actual: [ALICE.arn],
        },
      },
      {
        ...line,
        index: 1,
        sid: 'b',
        effect: 'Allow',
        mismatch: {
          element: 'Action',
          ...none,
          expected: ['kms:Encrypt', 'kms:Sign'],
          actual: ['kms:Decrypt'],
        },
      },
      {
        ...line,
        index: 2,
        effect: 'Deny',
        mismatch: {
          element: 'Resource',
          ...none,
          expected: [`${KEY_ARN}0`],
          actual: [KEY_ARN],
        },
      },
      {
        ...line,
        index: 3,
        effect: 'Allow',
        mismatch: {
          element: 'Condition',
          operator: 'StringLike',
          key: 'kms:RequestAlias',
          expected: ['alias/a*', 'alias/b'],
          actual: ['alias/c'],
        },
      },
      {
        ...line,
        policy: 'identity policy identityPolicies[0]',
        index: 0,
        effect: 'Deny',
        mismatch: {
          element: 'NotAction',
          ...none,
          expected: ['kms:Decrypt'],
          actual: ['kms:Decrypt'],
        },
      },
    ])
  })

  it('is put into words, the statement that came furthest first, each with what was expected and what there was', () => {
    expect(decision.reasons).toEqual([
      'key policy, Statement[3] does not apply: StringLike kms:RequestAlias expects "alias/a*", "alias/b", and the request has "alias/c".',
      `No statement of the key policy allows kms:Decrypt to ${ALICE.arn}.`,
      'key policy, Statement[1] (Sid "b") does not apply: its Action is "kms:Encrypt", "kms:Sign", and the action is "kms:Decrypt".',
      `key policy, Statement[0] (Sid "a") does not apply: its Principal is "${ROLE}", and the caller is "${ALICE.arn}".`,
    ])
  })

  it('cuts long values and long lists', () => {
    const many = Array.from({ length: 300 }, (_, at) => `value-${at}`)
    const Condition = { StringEquals: { 'kms:EncryptionContext:a': many } }
    const [reason] = ask({
      keyPolicy: keyPolicy({ Effect: 'Allow', Principal: '*', Condition }),
      context: { 'kms:EncryptionContext:a': 'x'.repeat(8000) },
    }).reasons
    expect(reason).toContain('"value-2" and 297 more')
    expect(reason?.length).toBeLessThan(500)
  })
})

describe('the clause of the access denied text', () => {
  const named = { Effect: 'Allow', Principal: { AWS: [ALICE.arn, BOB.arn] } }
  const delegating = { Effect: 'Allow', Principal: { AWS: '111122223333' } }

  // IAM User Guide, Troubleshoot access denied error messages; the wording for other accounts is what KMS answers there.
  it.each<[string, Partial<PolicyCase>, string]>([
    [
      'nothing in the key policy',
      { keyPolicy: keyPolicy({ ...named, Action: 'kms:Sign' }) },
      'because no resource-based policy allows the kms:Decrypt action',
    ],
    [
      'delegation, and no identity policy',
      { keyPolicy: keyPolicy(delegating) },
      'because no identity-based policy allows the kms:Decrypt action',
    ],
    [
      'delegation of another action',
      { keyPolicy: keyPolicy({ ...delegating, Action: 'kms:Sign' }), identityPolicies: [ALLOW_ALL] },
      'because no resource-based policy allows the kms:Decrypt action',
    ],
    [
      'no key',
      { keyArn: null, action: 'kms:ListKeys' },
      'because no identity-based policy allows the kms:ListKeys action',
    ],
    [
      'a deny in the key policy',
      { keyPolicy: keyPolicy(named, { ...named, Effect: 'Deny' }) },
      'with an explicit deny in a resource-based policy',
    ],
    [
      'a deny in an identity policy',
      { keyPolicy: keyPolicy(named), identityPolicies: [DENY_ALL] },
      'with an explicit deny in an identity-based policy',
    ],
    [
      'a deny in both',
      { keyPolicy: keyPolicy({ ...named, Effect: 'Deny' }), identityPolicies: [DENY_ALL] },
      'with an explicit deny in a resource-based policy',
    ],
    [
      'a key of another account, allowed there',
      { principal: BOB, keyPolicy: keyPolicy(named) },
      'because no identity-based policy allows the kms:Decrypt action',
    ],
    [
      'a key of another account, denied there',
      { principal: BOB, keyPolicy: keyPolicy({ ...named, Effect: 'Deny' }), identityPolicies: [ALLOW_ALL] },
      'because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access',
    ],
    [
      'a key of another account, nothing there',
      { principal: BOB, keyPolicy: keyPolicy(delegating), identityPolicies: [ALLOW_ALL] },
      'because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access',
    ],
    [
      'a key policy that cannot be read',
      { keyPolicy: {} },
      'because no resource-based policy allows the kms:Decrypt action',
    ],
  ])('%s', (_, given, text) => {
    const { denial } = ask(given)
    expect(denial && denialText(denial, given.action ?? 'kms:Decrypt')).toBe(text)
  })
})

describe('questions that make no sense are answered with implicit-deny', () => {
  const policy = parsePolicy(JSON.stringify(keyPolicy({ Effect: 'Allow', Principal: '*' })), 'key')
  const good: PolicyQuestion = {
    keyArn: KEY_ARN,
    keyPolicy: policy,
    principal: ALICE,
    action: 'kms:Decrypt',
    identityPolicies: [],
    context: new Map(),
  }

  it.each<[string, Partial<PolicyQuestion>]>([
    ['a key ARN that is none', { keyArn: 'key/1' }],
    ['an ARN of another service', { keyArn: 'arn:aws:s3:::bucket' }],
    ['a key without a policy', { keyPolicy: null }],
    ['a policy without a key', { keyArn: null }],
    [
      'an identity policy in place of a key policy',
      { keyPolicy: parsePolicy(JSON.stringify(ALLOW_ALL), 'identity') },
    ],
    ['a key policy among the identity policies', { identityPolicies: [{ name: 'a', policy }] }],
    ['a principal of another kind than its ARN', { principal: { ...ALICE, kind: 'root' } }],
    ['a principal that is no ARN', { principal: { ...ALICE, arn: 'alice' } }],
    ['a role that was not assumed', { principal: { ...ALICE, arn: ROLE, kind: 'role-session' } }],
  ])('%s', (_, change) => {
    expect(evaluate(good).outcome).toBe('allow')
    expect(evaluate({ ...good, ...change }).outcome).toBe('implicit-deny')
  })

  it('never throws, and never allows who is named nowhere', () => {
    const anything = fc.record({
      keyArn: fc.constantFrom(KEY_ARN, null, '', 'arn:aws:kms:::'),
      principal: fc.record({
        arn: fc.constantFrom(ALICE.arn, BOB.arn, '', '*', ROLE, 'arn:aws:iam::111122223333:root'),
        account: fc.constantFrom('111122223333', '444455556666', ''),
        kind: fc.constantFrom('user' as const, 'root' as const, 'role-session' as const),
      }),
      action: fc.oneof(fc.constantFrom('kms:Decrypt', '*', ''), fc.string()),
      context: fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string()))),
    })
    const closed = keyPolicy({ Effect: 'Allow', Principal: { AWS: ROLE } })
    fc.assert(
      fc.property(anything, (given) => {
        expect(ask({ ...given, keyPolicy: closed }).outcome).toBe('implicit-deny')
      }),
    )
  })
})

it('adding a deny never lets anybody in, whatever else there is', () => {
  const statements = fc.array(
    fc.record({
      Effect: fc.constantFrom('Allow', 'Deny'),
      Principal: fc.constantFrom('*', { AWS: '111122223333' }, { AWS: ALICE.arn }, { AWS: BOB.arn }),
      Action: fc.constantFrom('kms:*', 'kms:Decrypt', 'kms:Encrypt'),
      Condition: fc.constantFrom(
        {},
        { StringNotEquals: { 'kms:ViaService': 'a' } },
        { Null: { 'kms:ViaService': 'false' } },
      ),
    }),
    { minLength: 1, maxLength: 4 },
  )
  fc.assert(
    fc.property(
      statements,
      statements,
      fc.constantFrom(ALICE, BOB),
      fc.boolean(),
      (given, added, principal, identity) => {
        const before = { principal, identityPolicies: identity ? [ALLOW_ALL] : [] }
        const denies = added.map((one) => ({ ...one, Effect: 'Deny' }))
        const without = ask({ ...before, keyPolicy: keyPolicy(...given) })
        const withDenies = ask({ ...before, keyPolicy: keyPolicy(...given, ...denies) })
        expect(withDenies.outcome === 'allow' && without.outcome !== 'allow').toBe(false)
      },
    ),
  )
})
