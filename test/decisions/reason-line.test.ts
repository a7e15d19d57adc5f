import { describe, expect, it } from 'vitest'
import { reasonLine } from '../../src/decisions/reason-line.ts'
import { aDecisionRecord } from '../support/a-decision-record.ts'

const [decision] = aDecisionRecord().decisions
const answered = { outcome: 'answered', error: null, message: null, reason: null } as const

function denied(reason: string) {
  if (!decision) throw new Error('the record of this test has no decision')
  return aDecisionRecord({ decisions: [{ ...decision, reasons: [reason] }] })
}

describe('reasonLine', () => {
  it('tells the action and the most telling reason of a denial', () => {
    expect(reasonLine(aDecisionRecord())).toBe(
      'kms:Decrypt: Statement[0] expects "ab", and the request has "cd".',
    )
  })

  it('tells of a document that was not accepted, too', () => {
    const { attestation } = aDecisionRecord()
    if (!attestation) throw new Error('the record of this test has no document')
    const rejected = { ...attestation, verdict: 'rejected', code: 'X', message: 'it has expired' } as const
    expect(reasonLine(aDecisionRecord({ attestation: rejected, decisions: [] }))).toBe(
      'attestation document: it has expired',
    )
    expect(reasonLine(aDecisionRecord({ attestation: rejected }))).toMatch(/"cd"\. attestation document: it/)
  })

  it('is null for an answer, and for a refusal of another kind', () => {
    expect(reasonLine(aDecisionRecord({ result: answered }))).toBeNull()
    expect(reasonLine(aDecisionRecord({ decisions: [] }))).toBeNull()
  })

  it('is one line of bounded length, whatever came with the request', () => {
    expect(reasonLine(denied('a\nb\u202e'))).toBe('kms:Decrypt: a\\u{a}b\\u{202e}')
    expect(reasonLine(denied('x'.repeat(10_000)))).toHaveLength(601)
  })
})
