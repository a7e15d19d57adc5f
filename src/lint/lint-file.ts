import type { MemberSpan, Span } from '../core/json-spans.ts'
import { membersAt, wholeOf } from '../core/json-spans.ts'
import { locate } from './locate.ts'
import type { PolicyKind } from '../policy/statement.ts'
import type { Finding } from './finding.ts'
import type { LintOptions } from './lint-policy.ts'
import { lintPolicy, recognizeKind } from './lint-policy.ts'
import type { Severity } from './rule.ts'
import type { Region } from './text-places.ts'
import { createRegions } from './text-places.ts'

/** A finding with its place in a file. */
export interface PlacedFinding {
  readonly finding: Finding
  /** Which policy of a case or a list, such as `[2].keyPolicy`; empty where the file is one policy. */
  readonly policy: string
  readonly kind: PolicyKind
  readonly region: Region
}

/** How a file is looked at. */
export interface LintFileOptions extends Omit<LintOptions, 'budget'> {
  /** The least severity that is told of. */
  readonly level?: Severity
}

/**
 * Looks at all policies of a file: a policy document, an authorization case with its key policy and identity policies,
 * or a list of either. `text` is known to be JSON, an object or an array.
 */
export function lintFile(text: string, options: LintFileOptions = {}): readonly PlacedFinding[] {
  const { level = 'note', ...rest } = options
  const told = new Set(LEVELS.slice(0, LEVELS.indexOf(level) + 1))
  const toRegion = createRegions(text)
  return listPolicies(text).flatMap(({ label, span, ...known }) => {
    const source = text.slice(span.start, span.end)
    const kind = known.kind ?? rest.kind ?? recognizeKind(source)
    const keyArn = known.keyArn ?? rest.keyArn
    const findings = lintPolicy(source, { ...rest, kind, ...(keyArn !== undefined && { keyArn }) })
    return findings
      .filter(({ severity }) => told.has(severity))
      .map((finding) => ({ finding, policy: label, kind, region: toRegion(spanOf(text, span, finding)) }))
  })
}

const LEVELS: readonly Severity[] = ['error', 'warning', 'note']

interface FoundPolicy {
  readonly label: string
  readonly span: Span
  readonly kind?: PolicyKind
  readonly keyArn?: string
}

function listPolicies(text: string): readonly FoundPolicy[] {
  const whole = wholeOf(text)
  if (text[whole.start] !== '[') return policiesOf(text, whole, '')
  return membersAt(text, whole).flatMap((span, at) => policiesOf(text, span, `[${at}]`))
}

/** The members by which an authorization case is known. */
const CASE_MEMBERS: ReadonlySet<string> = new Set(['keyPolicy', 'identityPolicies', 'principal'])

function policiesOf(text: string, span: Span, label: string): readonly FoundPolicy[] {
  if (text[span.start] !== '{') return [{ label, span }]
  const members = membersAt(text, span)
  const isCase =
    members.some(({ name }) => CASE_MEMBERS.has(name)) && !members.some(({ name }) => name === 'Statement')
  if (isCase) return policiesOfCase(text, members, label)
  // A row of a table holds its case as a member.
  const inner = members.find(({ name }) => name === 'case')
  return inner && text[inner.start] === '{'
    ? policiesOf(text, inner, `${label}.case`.replace(/^\./, ''))
    : [{ label, span }]
}

function policiesOfCase(text: string, members: readonly MemberSpan[], label: string): readonly FoundPolicy[] {
  const prefix = label === '' ? '' : `${label}.`
  const keyArn = textOf(
    text,
    members.find(({ name }) => name === 'keyArn'),
  )
  const known = keyArn === undefined ? {} : { keyArn }
  const identity = { kind: 'identity' as const, ...known }
  return members.flatMap(({ name, ...span }): readonly FoundPolicy[] => {
    if (name === 'keyPolicy' && text[span.start] === '{') {
      return [{ label: `${prefix}keyPolicy`, span, kind: 'key', ...known }]
    }
    if (name !== 'identityPolicies' || text[span.start] !== '[') return []
    // What asks for nothing may stand beside a key policy that does.
    return membersAt(text, span)
      .map((element, at) =>
        Object.assign({ label: `${prefix}identityPolicies[${at}]`, span: element }, identity),
      )
      .filter(({ span: { start, end } }) => /attestation|nitrotpm/i.test(text.slice(start, end)))
  })
}

function textOf(text: string, span: Span | undefined): string | undefined {
  if (!span || text[span.start] !== '"') return undefined
  return String(JSON.parse(text.slice(span.start, span.end)))
}

/** The element that a finding is about, else its statement, else the policy. */
function spanOf(text: string, policy: Span, { statement, path }: Finding): Span {
  return locate(text, policy, statement === null ? path : ['Statement', statement.index, ...path])
}
