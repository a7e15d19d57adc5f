import { foldAction } from './action.ts'
import type { Caller } from './caller.ts'
import { conditionHolds } from './condition.ts'
import type { ConditionContext } from './condition-context.ts'
import type { Mismatch } from './decision.ts'
import type { PatternList } from './pattern-list.ts'
import { listApplies } from './pattern-list.ts'
import type { Principals } from './principal.ts'
import type { Reach } from './reach.ts'
import { isExempt, reachOf } from './reach.ts'
import type { ResourceParts } from './resource-parts.ts'
import type { Statement } from './statement.ts'

/** What all statements of one policy are held against. */
export interface StatementRequest {
  readonly caller: Caller
  /** Whether the caller has a permissions boundary. */
  readonly bounded: boolean
  /** Partition of the key, for account numbers; the caller's own where there is no key. */
  readonly keyPartition: string
  /** As it was asked, such as `kms:Decrypt`. */
  readonly action: string
  readonly foldedAction: string
  readonly resource: string
  readonly resourceParts: ResourceParts
  readonly context: ConditionContext
}

/** How a statement fared; `reach` is how the caller was taken in. */
export interface StatementMatch {
  readonly statement: Statement
  readonly reach: Reach | null
  readonly mismatch: Mismatch | null
}

/** Grants alone decide about retiring; key policies have no say (AWS KMS Developer Guide, Permissions, RetireGrant). */
const NOT_FOR_KEY_POLICIES = foldAction('kms:RetireGrant')

/** Holds one statement against a request, element by element. */
export function matchStatement(statement: Statement, request: StatementRequest): StatementMatch {
  const { principals } = statement
  const reach = principals ? reachOfStatement(principals, request) : 'named'
  const mismatch =
    (principals && reach === null ? principalMismatch(principals, request.caller) : null) ??
    actionMismatch(statement, request) ??
    resourceMismatch(statement, request) ??
    conditionMismatch(statement, request.context)
  return { statement, reach, mismatch }
}

function reachOfStatement(principals: Principals, request: StatementRequest): Reach | null {
  const { caller, keyPartition } = request
  if (principals.element === 'Principal') return reachOf(principals, caller, keyPartition)
  return isExempt(principals, caller, request) ? null : 'named'
}

function principalMismatch({ element, texts }: Principals, { arn, roleArn }: Caller): Mismatch {
  const actual = roleArn === null ? [arn] : [arn, roleArn]
  return { element, operator: null, key: null, expected: texts, actual }
}

function actionMismatch({ actions, principals }: Statement, request: StatementRequest): Mismatch | null {
  const hasSay = principals === null || request.foldedAction !== NOT_FOR_KEY_POLICIES
  if (actions && hasSay && listApplies(actions, request.foldedAction)) return null
  return listMismatch(actions, 'Action', request.action)
}

function resourceMismatch({ resources }: Statement, request: StatementRequest): Mismatch | null {
  const { resourceParts: parts, context } = request
  if (resources && listApplies(resources, { parts, context })) return null
  return listMismatch(resources, 'Resource', request.resource)
}

function listMismatch<Subject>(
  list: PatternList<Subject> | null,
  element: 'Action' | 'Resource',
  actual: string,
): Mismatch {
  return {
    element: list?.element ?? element,
    operator: null,
    key: null,
    expected: list?.patterns ?? [],
    actual: [actual],
  }
}

function conditionMismatch({ conditions, effect }: Statement, context: ConditionContext): Mismatch | null {
  const failed = conditions.find((condition) => !conditionHolds(condition, context, effect))
  if (!failed) return null
  return {
    element: 'Condition',
    operator: failed.operator,
    key: failed.key,
    expected: failed.expected,
    actual: context.get(failed.foldedKey) ?? [],
  }
}
