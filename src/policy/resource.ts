import type { JsonValue } from '../core/json.ts'
import { PolicyError } from './errors.ts'
import type { PatternList } from './pattern-list.ts'
import { quote } from './quote.ts'
import { parseTextList } from './text-list.ts'
import { refuseVariables } from './unsupported.ts'
import type { TextTest } from './wildcard.ts'
import { compileWildcard } from './wildcard.ts'

/** A resource as patterns are compared with it: the parts of its ARN, or the one part `*` where there is no resource. */
export type ResourceParts = readonly string[]

const ARN_PARTS = 6

/** Splits an ARN into its six parts; colons behind the fifth belong to the last part. */
export function splitResource(resource: string): ResourceParts {
  const parts = resource.split(':')
  if (parts.length <= ARN_PARTS) return parts
  return [...parts.slice(0, ARN_PARTS - 1), parts.slice(ARN_PARTS - 1).join(':')]
}

/**
 * Reads `Resource` or `NotResource`. Throws `POLICY_RESOURCE_INVALID`, `POLICY_LIST_INVALID`, and
 * `POLICY_NOT_SUPPORTED` for a policy variable where `variables` says that there are such.
 */
export function parseResources(
  element: 'Resource' | 'NotResource',
  value: JsonValue,
  { path, variables }: { readonly path: string; readonly variables: boolean },
): PatternList<ResourceParts> {
  const patterns = parseTextList(value, path)
  return {
    element,
    patterns,
    tests: patterns.map((pattern) => {
      if (variables) refuseVariables(pattern, path)
      return compileResource(pattern, path)
    }),
  }
}

function compileResource(pattern: string, path: string): (resource: ResourceParts) => boolean {
  if (pattern === '*') return () => true
  const parts = splitResource(pattern)
  const [prefix, partition, service] = parts
  // IAM refuses a pattern whose service is missing or holds a wildcard.
  if (prefix !== 'arn' || !partition || !service || /[*?]/.test(service)) {
    throw new PolicyError('POLICY_RESOURCE_INVALID', `${path}: ${quote(pattern)} is neither * nor an ARN`)
  }
  const steps = parts.map((part) => ({ test: compileWildcard(part), runsOn: part.endsWith('*') }))
  return (resource) => matchesFrom(steps, resource, { step: 0, part: 0 })
}

interface Step {
  readonly test: TextTest
  /** A `*` at the end of a part goes on over colons (IAM User Guide, Resource: using wildcards in resource ARNs). */
  readonly runsOn: boolean
}

/** At most six steps and six parts, so trying every division is bounded. */
function matchesFrom(
  steps: readonly Step[],
  resource: ResourceParts,
  { step, part }: { readonly step: number; readonly part: number },
): boolean {
  const current = steps[step]
  // Fields that a pattern leaves out at its end may be anything (IAM User Guide, IAM identifiers: ARNs); one that leaves
  // out none has used up the resource here.
  if (!current) return true
  if (!current.test(resource[part] ?? '') || part >= resource.length) return false
  const furthest = current.runsOn ? resource.length : part + 1
  for (let next = part + 1; next <= furthest; next++) {
    if (matchesFrom(steps, resource, { step: step + 1, part: next })) return true
  }
  return false
}
