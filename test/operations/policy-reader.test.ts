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
    [
      keyPolicy({ ...delegation(), Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
      'aws:SecureTransport',
    ],
  ])('says why %s cannot be used', (text, why) => {
    expect(createPolicyReader().read(text, 'key')).toEqual({ unreadable: expect.stringContaining(why) })
  })
})
