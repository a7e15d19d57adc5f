import type { Condition } from '../policy/condition.ts'
import { conditionHolds } from '../policy/condition.ts'
import type { ConditionContext } from '../policy/condition-context.ts'
import type { Statement } from '../policy/statement.ts'
import { isAboutAttestation } from './attestation-key.ts'
import { FIXED_KEYS } from './request-context.ts'

/** How many of the values that a condition lists are tried. */
const LISTED_LIMIT = 8

/**
 * Gives keys that a caller can choose such values that the conditions of an allow hold, but for those on measurements.
 * `undefined` where none was found; the search is bounded, and does not see every way.
 */
export function satisfy(allow: Statement, context: ConditionContext): ConditionContext | undefined {
  const groups = Map.groupBy(
    allow.conditions.filter(({ foldedKey }) => !isAboutAttestation(foldedKey)),
    ({ foldedKey }) => foldedKey,
  )
  let current = context
  for (const [key, conditions] of groups) {
    const found = choices(key, conditions, current).find((choice) =>
      conditions.every((condition) => conditionHolds(condition, choice, 'Allow')),
    )
    if (!found) return undefined
    current = found
  }
  return current
}

/**
 * Changes one key that a caller can choose, so that a deny does not apply any more and the allow still does.
 * `undefined` where none was found.
 */
export function escape(
  deny: Statement,
  allow: Statement,
  context: ConditionContext,
): ConditionContext | undefined {
  for (const condition of deny.conditions) {
    const { foldedKey } = condition
    if (isAboutAttestation(foldedKey)) continue
    const kept = allow.conditions.filter((other) => other.foldedKey === foldedKey)
    const found = choices(foldedKey, [condition, ...kept], context).find(
      (choice) =>
        !conditionHolds(condition, choice, 'Deny') &&
        kept.every((other) => conditionHolds(other, choice, 'Allow')),
    )
    if (found) return found
  }
  return undefined
}

/** Contexts that differ in one key: as it is, absent, and with values that its conditions may be after. */
function choices(
  key: string,
  conditions: readonly Condition[],
  context: ConditionContext,
): readonly ConditionContext[] {
  if (FIXED_KEYS.has(key)) return [context]
  const without = new Map([...context].filter(([name]) => name !== key))
  const filled = new Map(without)
  for (const name of conditions.flatMap(({ variables }) => variables)) {
    if (!filled.has(name)) filled.set(name, ['any'])
  }
  const listed = conditions.flatMap(({ expected }) => expected.slice(0, LISTED_LIMIT))
  const values = [...listed.flatMap((text) => near(text, filled)), 'any', 'true', 'false', '0']
  return [context, without, ...values.map((value) => new Map([...filled, [key, [value]]]))]
}

/** Values close to a listed one: the same with wildcards and variables filled in, and its neighbours where it is a number. */
function near(text: string, context: ConditionContext): readonly string[] {
  const plain = fillVariables(text, context)
  const filled = plain.replaceAll('*', 'any').replaceAll('?', 'a')
  const network = /^[\d.:a-fA-F]+\/\d+$/.test(plain) ? [plain.slice(0, plain.indexOf('/'))] : []
  const number = /^-?\d{1,15}$/.test(plain) ? [`${Number(plain) + 1}`, `${Number(plain) - 1}`] : []
  return [...new Set([plain, filled, ...network, ...number])]
}

/** Puts the values of variables in, or their defaults, as far as that is plain. */
function fillVariables(text: string, context: ConditionContext): string {
  const [first = '', ...rest] = text.split('${')
  const filled = rest.map((part) => {
    const close = part.indexOf('}')
    if (close < 0) return part
    const name = part.slice(0, close).split(',')[0] ?? ''
    return (context.get(name.trim().toLowerCase())?.[0] ?? name) + part.slice(close + 1)
  })
  return first + filled.join('')
}
