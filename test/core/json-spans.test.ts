import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { membersAt, wholeOf } from '../../src/core/json-spans.ts'

describe('membersAt', () => {
  it('finds every member of any object, as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 1), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        const read = membersAt(text, wholeOf(text)).map(({ name, start, end }) => [
          name,
          JSON.parse(text.slice(start, end)) as unknown,
        ])
        expect(read).toEqual(Object.entries(JSON.parse(text) as object))
      }),
    )
  })
})
