import { parseBase64 } from '../../core/base64.ts'
import type { ValueOperator } from './operator.ts'

/** `BinaryEquals` (IAM User Guide, Condition operators, Binary): bytes, written in base64 on both sides. */
export const BINARY_OPERATOR: ValueOperator = {
  kind: 'value',
  name: 'BinaryEquals',
  negated: false,
  variables: false,
  compile: (expected) => {
    // Canonical base64 writes the same bytes in one way only, so texts can be compared.
    const values = new Set(expected.map(({ text }) => text))
    if (![...values].every(isBase64)) return undefined
    return (actual) => (isBase64(actual) ? values.has(actual) : undefined)
  },
}

function isBase64(text: string): boolean {
  try {
    parseBase64(text)
    return true
  } catch {
    return false
  }
}
