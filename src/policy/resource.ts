import type { JsonValue } from '../core/json.ts'
import type { ConditionContext } from './condition-context.ts'
import { PolicyError } from './errors.ts'
import type { PatternList } from './pattern-list.ts'
import { quote } from './quote.ts'
import type { ResourceParts } from './resource-parts.ts'
import { ARN_PARTS, splitResource } from './resource-parts.ts'
import { expandTemplate, parseTemplate } from './template.ts'
import { parseTextList } from './text-list.ts'
import { compilePattern, compileWildcard } from './wildcard.ts'

/** A resource, and the request that variables in patterns get their values from. */
interface ResourceSubject {
  readonly parts: ResourceParts
  readonly context: ConditionContext
}

/** `Resource` or `NotResource`, with the keys of the variables in it. */
export interface ResourceList extends PatternList<ResourceSubject> {
  /** As `ConditionContext` holds them. */
  readonly variables: readonly string[]
}

/**
 * Reads `Resource` or `NotResource`; `variables` says whether `${…}` is one.
 * Throws `POLICY_RESOURCE_INVALID`, `POLICY_LIST_INVALID`, `POLICY_VARIABLE_INVALID`.
 */
export function parseResources(
  element: 'Resource' | 'NotResource',
  value: JsonValue,
  { path, variables }: { readonly path: string; readonly variables: boolean },
): ResourceList {
  const patterns = parseTextList(value, path)
  const compiled = patterns.map((pattern) => compileResource(pattern, { path, variables }))
  return {
    element,
    patterns,
    tests: compiled.map(({ test }) => test),
    variables: compiled.flatMap((one) => one.variables),
  }
}

interface CompiledResource {
  readonly test: (subject: ResourceSubject) => boolean
  readonly variables: readonly string[]
}

function compileResource(
  pattern: string,
  { path, variables }: { readonly path: string; readonly variables: boolean },
): CompiledResource {
  if (pattern === '*') return { test: () => true, variables: [] }
  const parts = splitResource(pattern)
  const [prefix, partition, service] = parts
  // IAM refuses a pattern whose service is missing or holds a wildcard.
  if (prefix !== 'arn' || !partition || !service || /[*?]/.test(service)) {
    throw new PolicyError('POLICY_RESOURCE_INVALID', `${path}: ${quote(pattern)} is neither * nor an ARN`)
  }
  const steps = parts.map(compileStep)
  const last = parts[ARN_PARTS - 1]
  // Variables count behind the fifth colon only (IAM User Guide, Variables and tags: Resource element).
  if (!variables || !last?.includes('${')) {
    return { test: (subject) => matchesFrom(steps, subject, { step: 0, part: 0 }), variables: [] }
  }
  const open = compileOpenStep(last, path)
  const all = [...steps.slice(0, ARN_PARTS - 1), open]
  return {
    test: (subject) => matchesFrom(all, subject, { step: 0, part: 0 }),
    variables: open.variables,
  }
}

interface Step {
  readonly test: (part: string, context: ConditionContext) => boolean
  /** A `*` at the end of a part goes on over colons (IAM User Guide, Resource: using wildcards in resource ARNs). */
  readonly runsOn: boolean
}

function compileStep(part: string): Step {
  return { test: compileWildcard(part), runsOn: part.endsWith('*') }
}

function compileOpenStep(part: string, path: string): Step & { readonly variables: readonly string[] } {
  const template = parseTemplate(part, path)
  const test: Step['test'] = (text, context) => {
    const expanded = expandTemplate(template, context)
    // What is longer than the text by more than all its wildcards cannot match, so that long values cost nothing.
    if (expanded === null || expanded.text.length > text.length + part.length) return false
    return compilePattern(expanded.toPattern())(text)
  }
  return { test, runsOn: false, variables: template.variables }
}

/** At most six steps and six parts, so trying every division is bounded. */
function matchesFrom(
  steps: readonly Step[],
  subject: ResourceSubject,
  { step, part }: { readonly step: number; readonly part: number },
): boolean {
  const { parts, context } = subject
  const current = steps[step]
  // Fields that a pattern leaves out at its end may be anything (IAM User Guide, IAM identifiers: ARNs); one that leaves
  // out none has used up the resource here.
  if (!current) return true
  const text = parts[part]
  if (text === undefined || !current.test(text, context)) return false
  const furthest = current.runsOn ? parts.length : part + 1
  for (let next = part + 1; next <= furthest; next++) {
    if (matchesFrom(steps, subject, { step: step + 1, part: next })) return true
  }
  return false
}
