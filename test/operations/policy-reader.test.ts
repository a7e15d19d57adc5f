import { describe, expect, it } from 'vitest'
import { createPolicyReader } from '../../src/operations/policy-reader.ts'
import { delegation, keyPolicy } from './a-service.ts'

const good = keyPolicy(delegation())

describe('createPolicyReader', () => {
  it('reads a text once while it is remembered, and forgets the one used longest ago', () => {
    const reader = createPolicyReader(2)
    const first = reader.read(good, 'key')
    const second = reader.read(` ${good}`, 'key')
    expect(reader.read(good, 'key')).toBe(first)
    reader.read(`  ${good}`, 'key')
    expect(reader.read(good, 'key')).toBe(first)
    expect(reader.read(` ${good}`, 'key')).not.toBe(second)
  })

  it('keeps key policies and identity policies apart', () => {
    const reader = createPolicyReader()
    expect(reader.read(good, 'key')).toHaveProperty('statements')
    expect(reader.read(good, 'identity')).toHaveProperty('unreadable')
  })

  it.each([
    ['{', 'JSON'],
    [keyPolicy({ ...delegation(), Condition: { StringEquals: { 'aws:Referer': 'x' } } }), 'aws:Referer'],
  ])('says why %s cannot be used', (text, why) => {
    expect(createPolicyReader().read(text, 'key')).toEqual({ unreadable: expect.stringContaining(why) })
  })

  it('takes kms:ResourceAliases in identity policies only, where it has a say', () => {
    const condition = { 'ForAnyValue:StringEquals': { 'KMS:resourceAliases': 'alias/a' } }
    const statement = { Effect: 'Allow', Action: '*', Resource: '*', Condition: condition }
    const identity = JSON.stringify({ Version: '2012-10-17', Statement: statement })
    const reader = createPolicyReader()
    expect(reader.read(identity, 'identity')).toHaveProperty('statements')
    expect(reader.asksForAliases(identity)).toBe(true)
    expect(reader.asksForAliases(identity.replace('resourceAliases', 'resourceAlias'))).toBe(false)
    expect(reader.asksForAliases('{')).toBe(false)
    expect(reader.read(keyPolicy({ ...delegation(), Condition: condition }), 'key')).toEqual({
      unreadable: expect.stringContaining('KMS:resourceAliases'),
    })
  })

  it('takes a condition key that nobody has for one that is absent', () => {
    const misspelt = { StringEquals: { 'kms:RecipientAttestation': 'x' } }
    expect(
      createPolicyReader().read(keyPolicy({ ...delegation(), Condition: misspelt }), 'key'),
    ).toHaveProperty('statements')
  })
})
