import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../src/core/json.ts'
import { readGrant } from '../../src/policy/grant.ts'
import { evaluateText } from './evaluate-text.ts'

const alice = 'arn:aws:iam::111122223333:user/alice'

describe('readGrant', () => {
  it.each([
    ['a text that is no ARN', 'alice in wonderland'],
    ['an ARN of another service', 'arn:aws:s3:::bucket'],
    ['everybody', '*'],
  ])('finds no principal in a grantee that is %s', (_, granteePrincipal) => {
    expect(readGrant({ granteePrincipal, operations: ['Decrypt'] }, 'grant 1')).toEqual({
      name: 'grant 1',
      unreadable: 'its granteePrincipal is no principal',
    })
  })
})

describe('readGrant refuses', () => {
  const good = { granteePrincipal: alice, operations: ['Decrypt'] }
  const constrained = (constraints: JsonValue): JsonValue => ({ ...good, constraints })

  it.each<readonly [string, JsonValue, string]>([
    ['a text', 'Decrypt', 'it is no object'],
    ['a grantee that is a number', { ...good, granteePrincipal: 1 }, 'its granteePrincipal is no principal'],
    ['no grantee', { operations: ['Decrypt'] }, 'its granteePrincipal is no principal'],
    ['a list', [good], 'it is no object'],
    ['a misspelt member', { ...good, constraint: {} }, 'it has an unknown member "constraint"'],
    ['no operations', { granteePrincipal: alice }, 'its operations are no list of texts'],
    ['a number among the operations', { ...good, operations: [1] }, 'its operations are no list of texts'],
    ['constraints that are a text', constrained('x'), 'its constraints cannot be read'],
    ['a misspelt constraint', constrained({ EncryptionContext: {} }), 'its constraints cannot be read'],
    ['pairs that are a list', constrained({ EncryptionContextEquals: [] }), 'its constraints cannot be read'],
    [
      'a number as a pair',
      constrained({ EncryptionContextSubset: { a: 1 } }),
      'its constraints cannot be read',
    ],
    ['a source that is a number', constrained({ SourceArn: 1 }), 'its constraints cannot be read'],
  ])('%s', (_, value, unreadable) => {
    expect(readGrant(value, 'grant 1')).toEqual({ name: 'grant 1', unreadable })
  })

  it('nothing where the constraints are pairs of texts', () => {
    const both = { EncryptionContextEquals: { a: 'b' }, EncryptionContextSubset: null, SourceArn: 'arn' }
    expect(readGrant(constrained(both), 'grant 1')).toMatchObject({
      constraints: { equals: new Map([['a', 'b']]), subset: null, sourceArn: 'arn' },
    })
  })
})

describe('a grant', () => {
  it.each([
    ['kms:Decrypt', 'allow'],
    ['s3:Decrypt', 'implicit-deny'],
    ['Decrypt', 'implicit-deny'],
  ])('for Decrypt and the action %s: %s', (action, decision) => {
    expect(evaluateText({ action, grants: [{ granteePrincipal: alice, operations: ['Decrypt'] }] })).toBe(
      decision,
    )
  })
})
