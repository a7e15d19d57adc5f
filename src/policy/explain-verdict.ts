import type { Condition } from './condition.ts'
import type { ConditionContext } from './condition-context.ts'
import type { Mismatch } from './decision.ts'
import type { GrantMatch } from './match-grant.ts'
import { LEAVES, place } from './place.ts'
import { quoteList } from './quote.ts'
import { summarize } from './summary.ts'
import type { Finding, Verdict } from './verdict.ts'
import type { VerdictBackground } from './verdict-background.ts'

/** How many statements of each kind of miss are told of; the trace has them all. */
const MISSES_TOLD = 5

/** Puts a verdict into sentences, the most telling first. Values are quoted; long ones are cut. */
export function explainVerdict(verdict: Verdict, background: VerdictBackground): readonly string[] {
  const { findings, unreadable, request } = background
  if (verdict.outcome === 'allow') {
    const granted = verdict.grant ? [`grant ${verdict.grant.name} allows it.`] : []
    const allowing = verdict.decisive.map(
      (finding) => `${place(finding)} ${finding.reach === 'account' ? LEAVES : 'allows it'}.`,
    )
    return [...granted, ...allowing]
  }
  if (verdict.outcome === 'explicit-deny') {
    return verdict.decisive.map(
      (finding) => `${place(finding)} denies it${holding(finding, request.context)}.`,
    )
  }
  const misses = listMisses(findings)
  const tell = (wanted: (miss: Miss) => boolean): readonly string[] =>
    misses
      .filter(wanted)
      .slice(0, MISSES_TOLD)
      .map((miss) => describeMiss(miss, request.context))
  return [
    ...unreadable,
    ...tell(({ mismatch }) => PROGRESS[mismatch.element] > 1),
    unreadable.length === 0
      ? summarize(verdict.denial, background)
      : 'Nothing is allowed while a policy cannot be used.',
    ...tell(({ mismatch }) => PROGRESS[mismatch.element] <= 1),
    ...background.grants.slice(0, MISSES_TOLD).flatMap(describeGrantMiss),
  ]
}

/** Why the conditions of a deny hold: often because the request lacks the key. */
function holding({ statement }: Finding, context: ConditionContext): string {
  if (statement.conditions.length === 0) return ''
  const each = statement.conditions.map((condition) => `${condition.operator} ${compare(condition, context)}`)
  return `, for its conditions hold: ${each.join('; ')}`
}

function compare({ key, foldedKey, expected }: Condition, context: ConditionContext): string {
  return `${key} with ${quoteList(expected)}, where the request has ${present(context.get(foldedKey) ?? [])}`
}

function present(actual: readonly string[]): string {
  return actual.length === 0 ? 'no such key' : quoteList(actual)
}

interface Miss {
  readonly finding: Finding
  readonly mismatch: Mismatch
}

/** Allows that did not apply; those that came furthest first. */
function listMisses(findings: readonly Finding[]): readonly Miss[] {
  const misses = findings.flatMap((finding) => {
    const { mismatch, statement } = finding
    return mismatch && statement.effect === 'Allow' ? [{ finding, mismatch }] : []
  })
  return misses.sort((a, b) => PROGRESS[b.mismatch.element] - PROGRESS[a.mismatch.element])
}

/** How far a statement applied before the element that did not match. */
const PROGRESS = {
  Principal: 0,
  NotPrincipal: 0,
  Action: 1,
  NotAction: 1,
  Resource: 2,
  NotResource: 2,
  Condition: 3,
} as const

const SUBJECTS = {
  Principal: 'caller',
  NotPrincipal: 'caller',
  Action: 'action',
  NotAction: 'action',
  Resource: 'resource',
  NotResource: 'resource',
  Condition: 'request',
} as const

function describeMiss({ finding, mismatch }: Miss, context: ConditionContext): string {
  const { element, operator, key, expected, actual } = mismatch
  const start = `${place(finding)} does not apply:`
  if (operator === null || key === null) {
    const names = expected.length === 0 ? 'is missing' : `is ${quoteList(expected)}`
    return `${start} its ${element} ${names}, and the ${SUBJECTS[element]} is ${quoteList(actual)}.`
  }
  const hint = hintFor(mismatch, context)
  return `${start} ${operator} ${key} expects ${quoteList(expected)}, and the request has ${present(actual)}${hint}.`
}

const ATTESTATION_KEYS = 'kms:recipientattestation:'

/** Says what stands behind the two misses that are met most often. */
function hintFor({ key, expected, actual }: Mismatch, context: ConditionContext): string {
  if (actual.length === 0 && key?.toLowerCase().startsWith(ATTESTATION_KEYS)) {
    const attested = [...context.keys()].some((name) => name.startsWith(ATTESTATION_KEYS))
    return attested
      ? ' (the attestation document has no such measurement)'
      : ' (no measurements of an accepted attestation document came with it)'
  }
  const folded = new Set(expected.map((text) => text.toLowerCase()))
  const inCaseOnly = actual.some((text) => !expected.includes(text) && folded.has(text.toLowerCase()))
  return inCaseOnly ? ' (they differ in upper and lower case only)' : ''
}

function describeGrantMiss({ name, mismatch }: GrantMatch): readonly string[] {
  return mismatch === null ? [] : [`grant ${name} does not apply: ${mismatch}.`]
}
