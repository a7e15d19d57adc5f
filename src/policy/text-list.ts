import type { JsonValue } from '../core/json.ts'
import { PolicyError } from './errors.ts'

/**
 * Reads what may be one text or a list of one or more (IAM User Guide, Grammar of the IAM JSON policy language). What an
 * empty list means is nobody's to guess: behind `Not…` it would be everything. Throws `POLICY_LIST_INVALID`, naming `path`.
 */
export function parseTextList(value: JsonValue, path: string): readonly string[] {
  const list = Array.isArray(value) ? (value as readonly JsonValue[]) : [value]
  if (list.length === 0) throw new PolicyError('POLICY_LIST_INVALID', `${path} is an empty list`)
  return list.map((text) => {
    if (typeof text === 'string') return text
    throw new PolicyError('POLICY_LIST_INVALID', `${path} takes a text or a list of texts`)
  })
}
