import type { JsonValue } from '../core/json.ts'
import { PolicyError } from './errors.ts'

/**
 * Reads what may be one text or a list of texts (IAM User Guide, Grammar of the IAM JSON policy language).
 * Throws `POLICY_LIST_INVALID`, naming `path`.
 */
export function parseTextList(value: JsonValue, path: string): readonly string[] {
  const list = Array.isArray(value) ? (value as readonly JsonValue[]) : [value]
  return list.map((text) => {
    if (typeof text === 'string') return text
    throw new PolicyError('POLICY_LIST_INVALID', `${path} takes a text or a list of texts`)
  })
}
