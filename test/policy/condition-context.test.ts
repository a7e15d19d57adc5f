import { describe, expect, it } from 'vitest'
import { toConditionContext } from '../../src/policy/condition-context.ts'

describe('toConditionContext', () => {
  it('makes one key of names that differ in case, in time that grows with their number and not its square', () => {
    const letters = Array.from('abcdefghijklmnop')
    const spell = (number: number): string =>
      letters.map((letter, at) => ((number >> at) & 1 ? letter.toUpperCase() : letter)).join('')
    const names = Array.from({ length: 2 ** letters.length }, (_, number) => `kms:${spell(number)}`)
    const context = toConditionContext(new Map(names.map((name, number) => [name, `${number}`])))
    expect([...context.keys()]).toEqual(['kms:abcdefghijklmnop'])
    expect(context.get('kms:abcdefghijklmnop')).toEqual(names.map((_, number) => `${number}`))
  })

  it('leaves the values that it was given as they are', () => {
    const values = ['a']
    toConditionContext(
      new Map([
        ['kms:K', values],
        ['kms:k', ['b']],
      ]),
    )
    expect(values).toEqual(['a'])
  })
})
