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
  })
})
