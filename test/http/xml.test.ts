import { describe, expect, it } from 'vitest'
import { writeXml } from '../../src/http/xml.ts'

describe('writeXml', () => {
  it('writes elements in order, each with its text or its elements', () => {
    expect(writeXml({ a: 'x', b: { c: '', d: 'y' } })).toBe('<a>x</a><b><c></c><d>y</d></b>')
  })

  it.each([
    [`<&>"'`, `&lt;&amp;&gt;"'`],
    ['a\r\n\tb', 'a&#xD;\n\tb'],
    [']]>', ']]&gt;'],
    ['a\u0000b\u001bc', 'a?b?c'],
    ['\ud800', '?'],
    ['\ufffe', '?'],
    ['grün \u{1f511}', 'grün \u{1f511}'],
  ])('writes %j as %j', (text, written) => {
    expect(writeXml({ a: text })).toBe(`<a>${written}</a>`)
  })
})
