import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/core/json.ts'
import type { ProvenCall } from '../../src/lint/finding.ts'
import { lintFile } from '../../src/lint/lint-file.ts'
import { lintPolicy } from '../../src/lint/lint-policy.ts'
import { lintLogLines } from '../../src/lint/log-lines.ts'
import { readCase } from '../../src/policy/case.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { decideCall } from '../support/lint-call.ts'
import { runs } from '../support/property-runs.ts'

const ACCOUNT = '111122223333'
const ROLE = `arn:aws:iam::${ACCOUNT}:role/enclave-host`
const USER = `arn:aws:iam::${ACCOUNT}:user/alice`
const FOREIGN = 'arn:aws:iam::444455556666:role/partner'
const IMAGE = 'a1'.repeat(48)

const measurementKey = fc.constantFrom(
  'ImageSha384',
  'PCR0',
  'PCR3',
  'PCR12',
  'PCR16',
  'NitroTPMPCR4',
  'PCR32',
)
const measurementValue = fc.constantFrom(
  IMAGE,
  'b2'.repeat(48),
  '0'.repeat(96),
  IMAGE.toUpperCase(),
  '*',
  'ab*',
  'short',
)
const stringOperator = fc.constantFrom(
  'StringEquals',
  'StringEqualsIgnoreCase',
  'StringLike',
  'StringNotEquals',
  'StringNotLike',
  'StringNotEqualsIgnoreCase',
  'StringEqualsIfExists',
  'ForAllValues:StringEquals',
  'ForAnyValue:StringNotEquals',
)
const measured = fc
  .tuple(stringOperator, measurementKey, measurementValue)
  .map(([operator, key, value]) => ({ [operator]: { [`kms:RecipientAttestation:${key}`]: value } }))
const presence = fc
  .tuple(measurementKey, fc.constantFrom('true', 'false'))
  .map(([key, value]) => ({ Null: { [`kms:RecipientAttestation:${key}`]: value } }))
const other = fc.constantFrom<object>(
  { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } },
  { StringNotEquals: { 'kms:CallerAccount': ACCOUNT } },
  { Bool: { 'aws:SecureTransport': 'false' } },
  { StringLike: { 'kms:EncryptionContext:app': 'a*' } },
  { ArnEquals: { 'aws:PrincipalArn': ROLE } },
)
const condition = fc
  .tuple(fc.option(measured), fc.option(presence, { freq: 5 }), fc.option(other, { freq: 3 }))
  .map((parts) => Object.assign({}, ...parts.filter((part) => part !== null)) as object)
const action = fc.constantFrom(
  'kms:*',
  'kms:Decrypt',
  'kms:GenerateDataKey*',
  'kms:ReEncrypt*',
  'kms:Create*',
  'kms:PutKeyPolicy',
  'kms:Encrypt',
)
const actions = fc.oneof(
  action.map((Action) => ({ Action })),
  fc.array(action, { minLength: 1, maxLength: 3 }).map((NotAction) => ({ NotAction })),
)
const who = fc.constantFrom<object | string>(
  '*',
  ...[ACCOUNT, ROLE, USER, FOREIGN, `arn:aws:iam::${ACCOUNT}:root`].map((AWS) => ({ AWS })),
)
const statement = fc
  .tuple(fc.constantFrom('Allow', 'Allow', 'Deny'), who, actions, condition)
  .map(([Effect, Principal, listed, Condition]) =>
    Object.assign({ Effect, Principal, Resource: '*', Condition }, listed),
  )
const GATE = {
  Effect: 'Allow',
  Principal: { AWS: ROLE },
  Action: 'kms:Decrypt',
  Resource: '*',
  Condition: { StringEqualsIgnoreCase: { 'kms:RecipientAttestation:ImageSha384': IMAGE } },
}
const toPolicy = (Statement: readonly object[]): JsonObject =>
  JSON.parse(JSON.stringify({ Version: '2012-10-17', Statement })) as JsonObject
const gatedPolicy = fc.array(statement, { maxLength: 4 }).map((more) => toPolicy([GATE, ...more]))
const openPolicy = fc.array(statement, { minLength: 1, maxLength: 4 }).map(toPolicy)

const keyArn = `arn:aws:kms:us-east-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`

/** Whether a caller without a document gets a secret of the key: everybody that the policies name, and a member. */
function isOpen(keyPolicy: JsonObject): boolean {
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/enclave-host/s`
  const partner = 'arn:aws:sts::444455556666:assumed-role/partner/s'
  const member = `arn:aws:iam::${ACCOUNT}:user/member`
  const callers = [
    { arn: session, account: ACCOUNT, kind: 'role-session', roleArn: ROLE, standing: ROLE },
    { arn: USER, account: ACCOUNT, kind: 'user', standing: USER },
    { arn: member, account: ACCOUNT, kind: 'user', standing: member },
    { arn: partner, account: '444455556666', kind: 'role-session', standing: FOREIGN },
  ] as const
  const everything = toPolicy([{ Effect: 'Allow', Action: '*', Resource: '*' }])
  const given = {
    keyArn,
    keyPolicy,
    principal: callers[0],
    action: 'kms:Decrypt',
    identityPolicies: [everything],
  }
  const question = readCase(JSON.stringify(given))
  return callers.some((principal) => {
    const context = new Map([
      ['kms:CallerAccount', principal.account],
      ['aws:PrincipalArn', principal.standing],
      ['aws:SecureTransport', 'true'],
    ])
    return OPERATIONS.some(
      (operation) => evaluate({ ...question, principal, action: operation, context }).outcome === 'allow',
    )
  })
}

const OPERATIONS = [
  'Decrypt',
  'DeriveSharedSecret',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'ReEncryptFrom',
].map((operation) => `kms:${operation}`)

describe('whatever the policy', () => {
  it('every call that is shown gets through', () => {
    fc.assert(
      fc.property(fc.oneof(gatedPolicy, openPolicy), (policy) => {
        const calls = lintPolicy(JSON.stringify(policy)).flatMap(
          (finding): readonly ProvenCall[] => finding.calls,
        )
        expect(
          calls.map((call) => decideCall(call, policy)).filter((outcome) => outcome !== 'allow'),
        ).toEqual([])
      }),
      runs(400),
    )
  })

  it('a gated policy that lets somebody in without a document has an error', () => {
    fc.assert(
      fc.property(gatedPolicy, (policy) => {
        fc.pre(isOpen(policy))
        expect(lintPolicy(JSON.stringify(policy), { keyArn }).map(({ severity }) => severity)).toContain(
          'error',
        )
      }),
      runs(150),
    )
  })

  it('both open and closed policies come up', () => {
    const seen = new Set(fc.sample(gatedPolicy, 200).map(isOpen))
    expect(seen).toEqual(new Set([false, true]))
  })

  it('any JSON, and any text, gives findings and no exception', () => {
    const anything = fc.oneof(
      fc.jsonValue().map((value) => JSON.stringify(value)),
      fc.string(),
      fc.tuple(openPolicy, fc.nat(400)).map(([policy, at]) => JSON.stringify(policy).slice(0, at)),
      fc.jsonValue().map((value) => JSON.stringify({ Statement: value })),
      fc
        .tuple(statement, fc.constantFrom(...Object.keys(GATE)), fc.jsonValue())
        .map(([one, name, value]) => JSON.stringify(toPolicy([{ ...one, [name]: value }]))),
    )
    fc.assert(
      fc.property(anything, fc.constantFrom('key', 'identity'), (text, kind) => {
        expect(Array.isArray(lintPolicy(text, { kind }))).toBe(true)
        expect(lintLogLines(text, { kind }).length).toBeLessThan(12)
      }),
      runs(800),
    )
  })

  it('any JSON in the place of a case or a list of cases gives findings with regions inside the text', () => {
    const rows = fc.record(
      {
        keyArn: fc.constantFrom(keyArn, null, 1),
        keyPolicy: fc.oneof(openPolicy, fc.jsonValue()),
        identityPolicies: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    const input = fc.oneof(
      rows,
      fc.array(rows),
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.array(fc.jsonValue()),
    )
    fc.assert(
      fc.property(input, fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        const lines = text.split('\n')
        for (const { region } of lintFile(text)) {
          const { startLine, startColumn, endLine, endColumn } = region
          expect(startColumn).toBeLessThanOrEqual((lines[startLine - 1] ?? '').length)
          expect(endColumn).toBeLessThanOrEqual((lines[endLine - 1] ?? '').length + 1)
        }
      }),
    )
  })
})

describe('the policies of the evaluator’s tables', () => {
  const folder = new URL('../../fixtures/policies/', import.meta.url).pathname

  it.each(readdirSync(folder))('%s: every call that is shown gets through', (file) => {
    const rows = JSON.parse(readFileSync(`${folder}${file}`, 'utf8')) as readonly {
      readonly case: {
        readonly keyPolicy: JsonObject | null
        readonly identityPolicies?: readonly JsonObject[]
      }
    }[]
    for (const { case: row } of rows) {
      for (const policy of [row.keyPolicy, ...(row.identityPolicies ?? [])]) {
        if (policy === null) continue
        const found = lintPolicy(JSON.stringify(policy), { requireAttestation: true })
        for (const call of found.flatMap(({ calls }) => calls)) expect(decideCall(call, policy)).toBe('allow')
      }
    }
  })
})

describe('policies as large as they can be', () => {
  const fill = (make: (index: number) => object): string => {
    const statements: object[] = [GATE]
    while (JSON.stringify(statements).length < 32_000) statements.push(make(statements.length))
    return JSON.stringify(toPolicy(statements))
  }

  it('are searched in part, and that is said', () => {
    const text = fill(() => ({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }))
    const rules = lintPolicy(text, { budget: 5000 }).map(({ rule }) => rule)
    expect(rules).toContain('unattested-secret-operation')
    expect(rules.at(-1)).toBe('search-cut-short')
    expect(lintLogLines(text, {}).length).toBeLessThan(12)
  })

  it('have at most ten findings in the log, and their number', () => {
    const text = fill((index) => ({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/u${index}` },
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: { StringEquals: { 'kms:RecipientAttestation:PCR99': IMAGE } },
    }))
    const lines = lintLogLines(text, {})
    expect(lines).toHaveLength(11)
    expect(lines.at(-1)).toMatch(/^policy: \d+ more findings$/)
  })
})
