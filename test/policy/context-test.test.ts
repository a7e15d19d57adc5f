import { describe, expect, it } from 'vitest'
import { compileContextTest } from '../../src/policy/conditions/context-test.ts'
import { parseTemplate } from '../../src/policy/template.ts'

describe('compileContextTest', () => {
  it('expands variables once a request, however many values it has', () => {
    let compiled = 0
    const test = compileContextTest(
      {
        kind: 'value',
        name: 'Counted',
        negated: false,
        variables: true,
        compile: (expected) => {
          compiled++
          return (actual) => expected.some((text) => text.text === actual)
        },
      },
      [parseTemplate('${aws:username}', 'a policy')],
    )
    const context = new Map([['aws:username', ['alice']]])
    const before = compiled
    for (const value of ['bob', 'carol', 'dave']) expect(test?.(value, context)).toBe(false)
    expect(test?.('alice', context)).toBe(true)
    expect(compiled - before).toBe(1)
    // Another request has values of its own.
    expect(test?.('alice', new Map([['aws:username', ['bob']]]))).toBe(false)
    expect(compiled - before).toBe(2)
    // A variable without a value is equal to nothing.
    expect(test?.('alice', new Map())).toBe(false)
  })

  it('tells of a value that a variable makes incomparable, unless another one matches', () => {
    const operator = {
      kind: 'value',
      name: 'Digits',
      negated: false,
      variables: true,
      compile: (expected: readonly { readonly text: string }[]) =>
        expected.every(({ text }) => /^\d*$/.test(text))
          ? (actual: string) => expected.some(({ text }) => text === actual)
          : undefined,
    } as const
    const template = (text: string) => parseTemplate(text, 'a policy')
    const test = compileContextTest(operator, [template('${aws:a}'), template('${aws:b}')])
    const context = new Map([
      ['aws:a', ['x']],
      ['aws:b', ['7']],
    ])
    expect(test?.('8', context)).toBeUndefined()
    expect(test?.('7', context)).toBe(true)
    expect(compileContextTest(operator, [template('7'), template('${aws:a}')])?.('7', context)).toBe(true)
    expect(compileContextTest(operator, [template('${aws:a}')])?.('8', context)).toBeUndefined()
  })
})
