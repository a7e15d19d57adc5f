import { describe, expect, it } from 'vitest'
import { explainDecision } from '../../src/decisions/explain.ts'
import { aDecisionRecord } from '../support/a-decision-record.ts'

const [decision] = aDecisionRecord().decisions

describe('explainDecision', () => {
  const text = explainDecision(aDecisionRecord())

  it.each([
    ['who asked', /Caller +arn:aws:iam::111122223333:user\/alice, access key AKIAEXAMPLE000000001/],
    ['what', /Asked +Decrypt in us-east-1/],
    ['the result', /Result +refused: AccessDeniedException/],
    ['the document', /Attestation document: accepted\n +nitro-enclave, module i-0abc-enc0def/],
    ['how many checks passed', /2 of 2 checks passed/],
    ['the decision', /Decision: kms:Decrypt on arn:aws:kms:\S+: implicit-deny/],
    ['the reasons, the first one first', /because Statement\[0\] expects.*\n +No statement allows it/],
    [
      'the condition keys',
      /kms:EncryptionContextKeys = \["app", "tenant"\]\n +kms:RecipientAttestation:PCR0 = "cd"/,
    ],
    [
      'the statement that refused, its key, the expected and the actual value',
      /no match +Allow +key policy, Statement\[0\] "Enclave"\n +Condition StringEquals kms:RecipientAttestation:PCR0\n +expected +"ab"\n +actual +"cd"\n/,
    ],
  ])('tells %s', (_, pattern) => {
    expect(text).toMatch(pattern)
  })

  it('tells of a refused document only the check that failed', () => {
    const checks = [
      { name: 'size', code: 'SIZE_INVALID', outcome: 'passed', detail: null },
      { name: 'chain', code: 'CHAIN_EXPIRED', outcome: 'failed', detail: 'not after 2026-01-01' },
      { name: 'signature', code: 'SIGNATURE_INVALID', outcome: 'not-reached', detail: null },
    ] as const
    const attestation = {
      verdict: 'rejected',
      code: 'CHAIN_EXPIRED',
      message: 'expired',
      kind: null,
      moduleId: null,
      timestamp: null,
      clock: 'document',
      judgedAt: null,
      checks,
    } as const
    const refused = explainDecision(aDecisionRecord({ attestation }))
    expect(refused).toMatch(
      /rejected, CHAIN_EXPIRED\n.*\n +1 of 3 checks passed\n +failed: chain \(CHAIN_EXPIRED\): not after/,
    )
    expect(refused).toContain('judged at no known time, UNSAFE: the time that the document names itself')
    expect(refused).not.toContain('SIZE_INVALID')
    expect(refused).not.toContain('SIGNATURE_INVALID')
  })

  it('tells what is absent', () => {
    const bare = explainDecision(
      aDecisionRecord({
        caller: {
          arn: 'a',
          accountId: 'b',
          accessKeyId: null,
          roleArn: null,
          credentialsIssuedAt: null,
        },
        keyArn: null,
        attestation: null,
        decisions: [],
        result: {
          outcome: 'refused',
          error: 'ValidationException',
          message: null,
          reason: 'CHAIN_EXPIRED',
        },
      }),
    )
    expect(bare).toMatch(/Caller +a, unsigned\n/)
    expect(bare).toMatch(/Key +none\n/)
    expect(bare).toContain('ValidationException (CHAIN_EXPIRED)')
    expect(bare).toContain('Attestation document: none')
    expect(bare).toContain('Policies were not asked.')
  })

  it('tells of a statement that matched, of elements left out and of keys that the request lacks', () => {
    const base = { policy: 'key policy', sid: null, effect: 'Allow' } as const
    const mismatch = { operator: null, key: null, expected: [], actual: ['kms:Decrypt'] }
    const statements = [
      { ...base, statement: 0, matched: true, mismatch: null },
      { ...base, statement: 1, matched: false, mismatch: { ...mismatch, element: 'Action' } },
      {
        ...base,
        statement: 2,
        matched: false,
        mismatch: {
          element: 'Condition',
          operator: 'Bool',
          key: 'kms:x',
          expected: ['true'],
          actual: [],
        },
      },
    ]
    const text2 = explainDecision(
      aDecisionRecord({
        decisions: decision ? [{ ...decision, by: 'key-policy', outcome: 'allow', statements }] : [],
      }),
    )
    expect(text2).toContain('allow, by key-policy')
    expect(text2).toMatch(/ matches +Allow +key policy, Statement\[0\]\n/)
    expect(text2).toMatch(/Action\n +expected +nothing: the statement leaves it out/)
    expect(text2).toMatch(/actual +absent from the request/)
  })

  it('tells of a document of which little is known, and of decisions without keys and statements', () => {
    const check = { name: 'size', code: 'SIZE_INVALID', outcome: 'failed', detail: null } as const
    const attestation = {
      verdict: 'rejected',
      code: 'SIZE_INVALID',
      message: 'too long',
      kind: null,
      moduleId: null,
      timestamp: null,
      clock: 'document',
      judgedAt: null,
      checks: [check],
    } as const
    const empty = decision ? [{ ...decision, conditionKeys: {}, statements: [], reasons: [] }] : []
    const little = explainDecision(aDecisionRecord({ attestation, decisions: empty }))
    expect(little).toContain('of unknown kind, module unknown, made at an unknown time')
    expect(little).toContain('failed: size (SIZE_INVALID)\n')
    expect(little).toContain('condition keys of the request: none')
    expect(little).toContain('statements: none')
    const unwalked = explainDecision(aDecisionRecord({ attestation: { ...attestation, checks: [] } }))
    expect(unwalked).toContain('0 of 0 checks passed\n  too long\n')
    expect(
      explainDecision(
        aDecisionRecord({ result: { outcome: 'answered', error: null, message: null, reason: null } }),
      ),
    ).toMatch(/Result +answered\n/)
  })

  it('shows what would control the terminal by its code point', () => {
    const forged = explainDecision(
      aDecisionRecord({
        caller: {
          arn: 'x\u001b[2J\nResult   answered\u202e\u009b',
          accountId: '',
          accessKeyId: null,
          roleArn: null,
          credentialsIssuedAt: null,
        },
        decisions: decision ? [{ ...decision, conditionKeys: { 'kms:EncryptionContext:\r': '\u2028' } }] : [],
      }),
    )
    expect(forged).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}]/u)
    expect(forged.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
    expect(forged.split('\n').filter((line) => line.startsWith('Result'))).toEqual([
      'Result   refused: AccessDeniedException',
    ])
    expect(forged).toContain(String.raw`x\u{1b}[2J\u{a}Result`)
  })
})
