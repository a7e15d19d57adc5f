import { parseArn } from '../../core/arn.ts'
import { foldAction } from '../../policy/action.ts'
import { listApplies } from '../../policy/pattern-list.ts'
import { quote } from '../../policy/quote.ts'
import { splitResource } from '../../policy/resource-parts.ts'
import type { Statement } from '../../policy/statement.ts'
import { compileWildcard } from '../../policy/wildcard.ts'
import type { Finding } from '../finding.ts'
import { KMS_ACTIONS } from '../kms-actions.ts'
import type { RuleId } from '../rules.ts'
import { severityOf } from '../rules.ts'
import type { LintSubject } from '../subject.ts'
import { listWords, placeOf, tell } from '../words.ts'

/** Elements that do nothing: missing or empty ones, actions and resources that are never asked about. */
export function findNoEffect(subject: LintSubject): readonly Finding[] {
  return subject.policy.statements.flatMap((statement) => [
    ...missing(statement),
    ...idleActions(subject, statement),
    ...idleResources(subject, statement),
  ])
}

interface Idle {
  readonly rule: RuleId
  readonly path: readonly string[]
  readonly message: string
  readonly repair: string
}

function at(statement: Statement, { rule, path, message, repair }: Idle): Finding {
  return {
    rule,
    severity: severityOf(rule),
    statement,
    path,
    message: `${placeOf(statement)} ${message}`,
    calls: [],
    repair: { text: repair, change: null, proved: false },
  }
}

function missing(statement: Statement): readonly Finding[] {
  const { actions, resources } = statement
  const lacks = [
    ...((actions?.patterns.length ?? 0) === 0 ? ['Action'] : []),
    ...((resources?.patterns.length ?? 0) === 0 ? ['Resource'] : []),
  ]
  if (lacks.length === 0) return []
  return [
    at(statement, {
      rule: 'no-effect-statement',
      path: [],
      message: `has no ${listWords(lacks)}, so AWS KMS keeps it and it does nothing.`,
      repair: `Add ${listWords(lacks)}${lacks.includes('Resource') ? ' ("Resource": "*" is this key)' : ''}.`,
    }),
  ]
}

/** Patterns without any operation that the policy has a say on. */
function idleActions({ kind }: LintSubject, statement: Statement): readonly Finding[] {
  const { actions } = statement
  if (!actions) return []
  const path = [actions.element]
  const matched = actions.patterns
    .filter((pattern) => pattern !== '*' && (kind === 'key' || foldAction(pattern).startsWith('kms:')))
    .map((pattern) => {
      const matches = compileWildcard(foldAction(pattern))
      return { pattern, found: KMS_ACTIONS.filter(({ folded }) => matches(folded)) }
    })
  const unknown = matched.filter(({ found }) => found.length === 0).map(({ pattern }) => quote(pattern))
  const elsewhere = matched
    .filter(
      ({ found }) => found.length > 0 && kind === 'key' && found.every(({ inKeyPolicy }) => !inKeyPolicy),
    )
    .map(({ pattern }) => pattern)
  return [
    ...(unknown.length === 0
      ? []
      : [
          at(statement, {
            rule: 'unknown-action',
            path,
            message: `names ${listWords(unknown)}, and AWS KMS has no such operation.`,
            repair: 'See to the spelling: a misspelt action allows nothing and denies nothing.',
          }),
        ]),
    ...(elsewhere.length === 0 || actions.element === 'NotAction'
      ? []
      : [
          at(statement, {
            rule: 'no-effect-action',
            path,
            message: `names ${listWords(elsewhere.map(tell))}, on which a key policy has no say.`,
            repair: 'Put it into an identity policy; RetireGrant is decided by the grant.',
          }),
        ]),
  ]
}

function idleResources({ kind, keyArn, keyIsKnown }: LintSubject, statement: Statement): readonly Finding[] {
  const { resources } = statement
  if (kind !== 'key' || !resources || resources.variables.length > 0) return []
  const idle = resources.patterns.filter((pattern) => pattern !== '*' && !mayBeThisKey(pattern))
  const parts = splitResource(keyArn)
  const applies = listApplies(resources, { parts, context: new Map() })
  const other =
    idle.length > 0 ||
    (keyIsKnown && !applies && resources.element === 'Resource' && resources.patterns.length > 0)
  if (!other) return []
  const named = listWords((idle.length > 0 ? idle : resources.patterns).map(quote))
  return [
    at(statement, {
      rule: 'no-effect-resource',
      path: [resources.element],
      message: `is about ${named}, and a key policy is about the key that it is attached to.`,
      repair: 'Use "Resource": "*", which is this key.',
    }),
  ]
}

function mayBeThisKey(pattern: string): boolean {
  const arn = parseArn(pattern)
  return arn?.service === 'kms' && (arn.resource.startsWith('key/') || /^[*?]/.test(arn.resource))
}
