import type { JsonObject, JsonValue } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import { foldAction } from '../policy/action.ts'
import type { Statement } from '../policy/statement.ts'
import { compileWildcard } from '../policy/wildcard.ts'
import type { RepairIdea } from './change.ts'
import { covers } from './gate.ts'
import { KMS_ACTIONS, SECRET_ACTIONS } from './kms-actions.ts'
import type { LintSubject } from './subject.ts'
import { trustedMeasurements } from './trusted.ts'

/** Operations that a delegation must leave out, where a condition is to mean anything. */
const HELD_BACK: readonly string[] = [...SECRET_ACTIONS.map(({ action }) => action), 'kms:CreateGrant']

/** Ways to close a statement that lets calls in without a document, the closest first. */
export function closingIdeas(subject: LintSubject, statement: Statement): readonly RepairIdea[] {
  const written = subject.written[statement.index]
  const own = written ? [...narrowing(written, statement), ...conditioning(subject, written, statement)] : []
  return [...own, denyingIdea(subject)]
}

/** Denies everybody who comes without one of the measurements that the policy itself trusts. */
export function denyingIdea(subject: LintSubject): RepairIdea {
  const statement: JsonObject = {
    Sid: unusedSid(subject, 'DenyWithoutAttestation'),
    Effect: 'Deny',
    ...(subject.kind === 'key' && { Principal: '*' }),
    // Those that never carry a document too: left out, they would bring secrets out past the deny.
    Action: SECRET_ACTIONS.map(({ action }) => action),
    Resource: '*',
    Condition: { StringNotEqualsIgnoreCase: trustedMeasurements(subject) },
  }
  return {
    text: 'Deny everybody who comes without a measurement that you trust; this stops delegation and grants too.',
    change: { kind: 'add-statement', statement },
  }
}

/** Takes the gated operations out of a statement that covers others besides. */
function narrowing(written: JsonObject, statement: Statement): readonly RepairIdea[] {
  const { index, actions } = statement
  const others = KMS_ACTIONS.filter(
    (action) => covers(statement, action) && !HELD_BACK.includes(action.action),
  )
  if (!actions || others.length === 0) return []
  const { Action: _action, NotAction: _not, ...rest } = written
  const replace = (members: JsonObject): RepairIdea => ({
    text: 'Leave out what brings out secrets, and CreateGrant; allow it in a statement of its own that asks for the measurements.',
    change: { kind: 'replace-statement', index, statement: { ...rest, ...members } },
  })
  if (actions.element === 'NotAction') {
    return [replace({ NotAction: [...new Set([...actions.patterns, ...HELD_BACK])] })]
  }
  if (actions.patterns.every((pattern) => pattern === '*' || foldAction(pattern) === 'kms:*')) {
    return [replace({ NotAction: HELD_BACK })]
  }
  const kept = actions.patterns.flatMap((pattern) => keptOf(pattern))
  return kept.length === 0 ? [] : [replace({ Action: kept })]
}

/** A pattern, or the operations it matches without those that are held back. */
function keptOf(pattern: string): readonly string[] {
  const matches = compileWildcard(foldAction(pattern))
  const matched = KMS_ACTIONS.filter(({ folded }) => matches(folded))
  const left = matched.filter(({ action }) => !HELD_BACK.includes(action))
  return left.length === matched.length ? [pattern] : left.map(({ action }) => action)
}

/** Asks for the measurements in the statement itself, where it is about nothing else. */
function conditioning(
  subject: LintSubject,
  written: JsonObject,
  { index, ...rest }: Statement,
): readonly RepairIdea[] {
  const statement = { index, ...rest }
  const others = KMS_ACTIONS.filter((action) => covers(statement, action) && !action.attestable)
  const some = SECRET_ACTIONS.some((action) => action.attestable && covers(statement, action))
  if (!some || others.some(({ action }) => !HELD_BACK.includes(action))) return []
  const change = {
    kind: 'replace-statement' as const,
    index,
    statement: withCondition(written, 'StringEqualsIgnoreCase', trustedMeasurements(subject)),
  }
  return [{ text: 'Ask for the measurements here too.', change }]
}

/** A statement with one more condition; those it has stay. */
export function withCondition(written: JsonObject, operator: string, keys: JsonObject): JsonObject {
  const given: JsonValue = written['Condition'] ?? {}
  const block = isJsonObject(given) ? given : {}
  const inner = block[operator]
  return {
    ...written,
    Condition: { ...block, [operator]: { ...(isJsonObject(inner) ? inner : {}), ...keys } },
  }
}

function unusedSid({ policy }: LintSubject, wanted: string): string {
  const taken = new Set(policy.statements.map(({ sid }) => sid))
  let sid = wanted
  for (let number = 2; taken.has(sid); number++) sid = `${wanted}${number}`
  return sid
}
