import type { JsonValue } from '../core/json.ts'
import { PolicyError } from './errors.ts'
import type { PatternList } from './pattern-list.ts'
import { quote } from './quote.ts'
import { parseTextList } from './text-list.ts'
import { compileWildcard } from './wildcard.ts'

/**
 * A service prefix, which holds no wildcard, and the name of an action, which may. ASCII only: folding the case of
 * other letters could make two names one (the Kelvin sign folds to `k`).
 */
const ACTION = /^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/

/** An action as patterns are compared with it: case does not count (IAM User Guide, Action). */
export function foldAction(action: string): string {
  return action.toLowerCase()
}

/**
 * Reads `Action` or `NotAction`; its tests take an action that went through `foldAction`.
 * Throws `POLICY_ACTION_INVALID`, `POLICY_LIST_INVALID`.
 */
export function parseActions(
  element: 'Action' | 'NotAction',
  value: JsonValue,
  path: string,
): PatternList<string> {
  const patterns = parseTextList(value, path)
  for (const pattern of patterns) {
    if (pattern === '*' || ACTION.test(pattern)) continue
    throw new PolicyError(
      'POLICY_ACTION_INVALID',
      `${path}: ${quote(pattern)} is no action, such as kms:Decrypt`,
    )
  }
  return { element, patterns, tests: patterns.map((pattern) => compileWildcard(foldAction(pattern))) }
}
