import type { JsonValue } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import { PolicyError } from './errors.ts'
import { quote } from './quote.ts'

/**
 * Reads the condition keys of a case: each has a text, or a list of texts; numbers and truth values count as JSON writes
 * them. Throws `POLICY_CASE_INVALID`, naming `member`.
 */
export function readCaseTexts(
  value: JsonValue,
  member: string,
): ReadonlyMap<string, string | readonly string[]> {
  const keys = new Map<string, string | readonly string[]>()
  if (value === null) return keys
  if (!isJsonObject(value)) throw new PolicyError('POLICY_CASE_INVALID', `${member} is no object`)
  for (const [key, given] of Object.entries(value)) {
    const list = Array.isArray(given) ? (given as readonly JsonValue[]) : [given]
    const texts = list.map((one) => {
      if (typeof one === 'string') return one
      if (typeof one === 'number' || typeof one === 'boolean') return String(one)
      throw new PolicyError(
        'POLICY_CASE_INVALID',
        `${member}: ${quote(key)} is neither a text nor a list of texts`,
      )
    })
    keys.set(key, texts)
  }
  return keys
}
