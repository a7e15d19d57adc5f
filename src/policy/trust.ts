import type { JsonObject } from '../core/json.ts'
import { foldAction } from './action.ts'
import { PolicyError } from './errors.ts'
import type { PatternList } from './pattern-list.ts'
import { quote } from './quote.ts'
import type { ResourceList } from './resource.ts'
import { parseResources } from './resource.ts'

/** What a trust policy can be about (Service Authorization Reference, AWS Security Token Service). */
const ACTIONS = [
  'sts:AssumeRole',
  'sts:AssumeRoleWithSAML',
  'sts:AssumeRoleWithWebIdentity',
  'sts:SetContext',
  'sts:SetSourceIdentity',
  'sts:TagSession',
].map(foldAction)

/**
 * The resource of a statement of a trust policy: the role that it belongs to, so none may be written down (IAM User
 * Guide, Roles terms and concepts). Throws `POLICY_RESOURCE_FORBIDDEN`.
 */
export function parseTrustResource(statement: JsonObject, path: string): ResourceList {
  if (statement['Resource'] === undefined && statement['NotResource'] === undefined) return THE_ROLE_ITSELF
  throw new PolicyError('POLICY_RESOURCE_FORBIDDEN', `${path}: a trust policy names no resource`)
}

const THE_ROLE_ITSELF = parseResources('Resource', '*', { path: '', variables: false })

/**
 * Refuses actions that have nothing to do with assuming a role, misspelt ones among them, and `NotAction`, which would
 * name all of them. Throws `POLICY_TRUST_ACTION_INVALID`.
 */
export function refuseForeignActions({ element, patterns, tests }: PatternList<string>, path: string): void {
  const foreign = patterns.find((pattern, at) => {
    const isOfSts = foldAction(pattern).startsWith('sts:')
    return !isOfSts || !ACTIONS.some((action) => tests[at]?.(action))
  })
  if (element === 'Action' && foreign === undefined) return
  const what = foreign === undefined ? element : quote(foreign)
  throw new PolicyError(
    'POLICY_TRUST_ACTION_INVALID',
    `${path}: ${what} is none of the actions that a trust policy is about, such as sts:AssumeRole`,
  )
}
