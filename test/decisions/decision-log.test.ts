import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDecisionLog } from '../../src/decisions/decision-log.ts'
import type { DecisionRecord } from '../../src/decisions/decision-record.ts'
import { aDecisionRecord } from '../support/a-decision-record.ts'

function by(arn: string, requestId: string): DecisionRecord {
  return aDecisionRecord({
    requestId,
    caller: { arn, accountId: '111122223333', accessKeyId: null, roleArn: null, credentialsIssuedAt: null },
  })
}

const session = (name: string): string => `arn:aws:sts::111122223333:assumed-role/host/${name}`
const ids = (records: readonly DecisionRecord[]): readonly string[] =>
  records.map((record) => record.requestId)

describe('a decision log', () => {
  it('finds a record by its request id, and none under another', () => {
    const log = createDecisionLog({ perCaller: 2, callers: 2 })
    const record = by('a', '1')
    log.record(record)
    expect(log.find('1')).toBe(record)
    expect(log.find('2')).toBeUndefined()
    expect(log.find('__proto__')).toBeUndefined()
  })

  it('lists the latest first, of all callers, no more than asked for', () => {
    const log = createDecisionLog({ perCaller: 5, callers: 1 })
    for (const [arn, id] of [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
      ['c', '4'],
    ] as const)
      log.record(by(arn, id))
    expect(ids(log.latest(3))).toEqual(['4', '3', '2'])
    expect(ids(log.latest(0))).toEqual([])
    expect(ids(log.latest(-1))).toEqual([])
    expect(log.latest(100).length).toBe(4)
  })

  it('lets a caller push out his own records only', () => {
    const log = createDecisionLog({ perCaller: 2, callers: 3 })
    log.record(by('a', 'a1'))
    for (let at = 0; at < 100; at++) log.record(by('b', `b${at}`))
    expect(log.find('a1')).toBeDefined()
    expect(log.find('b97')).toBeUndefined()
    expect(ids(log.latest(10))).toEqual(['b99', 'b98', 'a1'])
  })

  it('puts callers beyond the limit into one place, which takes nothing from the first', () => {
    const log = createDecisionLog({ perCaller: 2, callers: 1 })
    log.record(by('a', 'a1'))
    for (let at = 0; at < 50; at++) log.record(by(`later-${at}`, `l${at}`))
    expect(ids(log.latest(10))).toEqual(['l49', 'l48', 'a1'])
  })

  it('gives all sessions of a role one place', () => {
    const log = createDecisionLog({ perCaller: 2, callers: 2 })
    log.record(by('a', 'a1'))
    for (let at = 0; at < 50; at++) log.record(by(session(`s${at}`), `s${at}`))
    expect(ids(log.latest(10))).toEqual(['s49', 's48', 'a1'])
  })

  it('keeps the later of two records with one request id, even when the earlier one goes', () => {
    const log = createDecisionLog({ perCaller: 2, callers: 2 })
    const later = by('b', 'same')
    log.record(by('a', 'same'))
    log.record(later)
    log.record(by('a', 'a2'))
    log.record(by('a', 'a3'))
    expect(log.find('same')).toBe(later)
  })

  it('never holds more than its size, and finds exactly what it lists', () => {
    const calls = fc.array(fc.constantFrom('a', 'b', 'c', session('x'), session('y')), { maxLength: 60 })
    fc.assert(
      fc.property(
        calls,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        (arns, perCaller, callers) => {
          const log = createDecisionLog({ perCaller, callers })
          arns.forEach((arn, at) => log.record(by(arn, `${at}`)))
          const kept = ids(log.latest(1000))
          expect(kept.length).toBeLessThanOrEqual(perCaller * (callers + 1))
          expect(
            arns
              .map((_, at) => `${at}`)
              .filter((id) => log.find(id))
              .toReversed(),
          ).toEqual(kept)
        },
      ),
    )
  })
})
