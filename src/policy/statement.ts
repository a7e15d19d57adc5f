import type { JsonObject, JsonValue } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import { parseActions } from './action.ts'
import type { Condition } from './condition.ts'
import { PolicyError } from './errors.ts'
import { refuseUnknownElements } from './known-elements.ts'
import { parseConditions } from './parse-conditions.ts'
import type { PatternList } from './pattern-list.ts'
import type { Principals } from './principal.ts'
import { parsePrincipals } from './principal.ts'
import { quote } from './quote.ts'
import type { ResourceList } from './resource.ts'
import { parseResources } from './resource.ts'
import { parseTrustResource, refuseForeignActions } from './trust.ts'

/** Where a policy is attached: to a key, to an identity, or to a role, to say who may assume it. */
export type PolicyKind = 'key' | 'identity' | 'trust'

/** One statement, made ready for evaluation. */
export interface Statement {
  /** Place in the policy, from 0. */
  readonly index: number
  /** `null` where none was given, or an empty one. */
  readonly sid: string | null
  readonly effect: 'Allow' | 'Deny'
  /** `null` in identity policies: there it is about whom it is attached to. */
  readonly principals: Principals | null
  /** `null` where a key policy leaves it out: the statement is kept and has no effect. */
  readonly actions: PatternList<string> | null
  /** `null` as for `actions`. */
  readonly resources: ResourceList | null
  readonly conditions: readonly Condition[]
}

/** What is known of a statement before it is read. */
export interface StatementPlace {
  readonly index: number
  readonly kind: PolicyKind
  /** Whether the policy's version knows policy variables. */
  readonly variables: boolean
}

const ELEMENTS: ReadonlySet<string> = new Set(
  'Sid Effect Principal NotPrincipal Action NotAction Resource NotResource Condition'.split(' '),
)

/** Reads one statement. Throws `PolicyError`. */
export function parseStatement(value: JsonValue, { index, kind, variables }: StatementPlace): Statement {
  const path = `Statement[${index}]`
  if (!isJsonObject(value)) throw new PolicyError('POLICY_STATEMENT_INVALID', `${path} is no object`)
  refuseUnknownElements(value, ELEMENTS, path)
  const place = { path, kind }
  const condition = value['Condition']
  const effect = parseEffect(value['Effect'], path)
  return {
    index,
    sid: parseSid(value['Sid'], path),
    effect,
    principals: parseWho(value, effect, place),
    actions: parseWhat(value, place),
    resources: parseWhich(value, { ...place, variables }),
    conditions:
      condition === undefined ? [] : parseConditions(condition, { path: `${path}.Condition`, variables }),
  }
}

interface Place {
  readonly path: string
  readonly kind: PolicyKind
}

function parseSid(value: JsonValue | undefined, path: string): string | null {
  if (value === undefined || value === '') return null
  if (typeof value === 'string') return value
  throw new PolicyError('POLICY_SID_TYPE', `${path}.Sid is no text`)
}

function parseEffect(value: JsonValue | undefined, path: string): 'Allow' | 'Deny' {
  if (value === 'Allow' || value === 'Deny') return value
  throw new PolicyError('POLICY_EFFECT_INVALID', `${path}.Effect is neither Allow nor Deny`)
}

function parseWho(statement: JsonObject, effect: Statement['effect'], place: Place): Principals | null {
  const { path, kind } = place
  const who = pickOne(statement, ['Principal', 'NotPrincipal'], path)
  if (kind === 'identity') {
    if (!who) return null
    throw new PolicyError('POLICY_PRINCIPAL_FORBIDDEN', `${path}: an identity policy names no principal`)
  }
  if (!who) throw new PolicyError('POLICY_PRINCIPAL_MISSING', `${path} names no principal`)
  if (who.element === 'NotPrincipal' && effect === 'Allow') {
    throw new PolicyError('POLICY_NOT_PRINCIPAL_IN_ALLOW', `${path}: NotPrincipal belongs with Deny only`)
  }
  return parsePrincipals(who.element, who.value, `${path}.${who.element}`)
}

function parseWhat(statement: JsonObject, place: Place): PatternList<string> | null {
  const found = pickElement(statement, ['Action', 'NotAction'], place)
  if (!found) return null
  const path = `${place.path}.${found.element}`
  const actions = parseActions(found.element, found.value, path)
  if (place.kind === 'trust') refuseForeignActions(actions, path)
  return actions
}

function parseWhich(
  statement: JsonObject,
  { variables, ...place }: Place & { readonly variables: boolean },
): ResourceList | null {
  if (place.kind === 'trust') return parseTrustResource(statement, place.path)
  const found = pickElement(statement, ['Resource', 'NotResource'], place)
  return (
    found && parseResources(found.element, found.value, { path: `${place.path}.${found.element}`, variables })
  )
}

/** Takes an element or its opposite. IAM wants one of them; AWS KMS stores a statement without, which has no effect. */
function pickElement<Element extends string>(
  statement: JsonObject,
  elements: readonly [Element, Element],
  { path, kind }: Place,
): FoundElement<Element> | null {
  const found = pickOne(statement, elements, path)
  if (found || kind === 'key') return found
  throw new PolicyError(
    'POLICY_ELEMENT_MISSING',
    `${path} has neither of ${elements.map(quote).join(' and ')}`,
  )
}

interface FoundElement<Element> {
  readonly element: Element
  readonly value: JsonValue
}

function pickOne<Element extends string>(
  statement: JsonObject,
  elements: readonly [Element, Element],
  path: string,
): FoundElement<Element> | null {
  const [found, second] = elements.flatMap((element) => {
    const value = statement[element]
    return value === undefined ? [] : [{ element, value }]
  })
  if (!second) return found ?? null
  throw new PolicyError('POLICY_ELEMENTS_CONFLICT', `${path} has both ${elements.map(quote).join(' and ')}`)
}
