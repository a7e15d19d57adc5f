import type { Condition, ConditionContext } from './condition.ts'
import type { Mismatch } from './decision.ts'
import type { StatementRequest } from './match-statement.ts'
import { quote, quoteList } from './quote.ts'
import type { Finding, KeyRelation, Verdict } from './verdict.ts'

/** What a verdict is explained with. */
export interface VerdictBackground {
  readonly findings: readonly Finding[]
  /** A sentence for each policy that cannot be read. */
  readonly unreadable: readonly string[]
  readonly relation: KeyRelation
  readonly request: Pick<StatementRequest, 'caller' | 'action' | 'context'>
}

/** How many statements of each kind of miss are told of; the trace has them all. */
const MISSES_TOLD = 5

/** Puts a verdict into sentences, the most telling first. Values are quoted; long ones are cut. */
export function explainVerdict(verdict: Verdict, background: VerdictBackground): readonly string[] {
  const { findings, unreadable, request } = background
  if (verdict.outcome === 'allow') {
    return verdict.decisive.map(
      (finding) => `${place(finding)} ${finding.reach === 'account' ? LEAVES : 'allows it'}.`,
    )
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
    unreadable.length === 0 ? summary(background) : 'Nothing is allowed while a policy cannot be used.',
    ...tell(({ mismatch }) => PROGRESS[mismatch.element] <= 1),
  ]
}

const LEAVES = 'lets the identity policies of the account decide'

function place({ policy, statement }: Finding): string {
  const sid = statement.sid === null ? '' : ` (Sid ${quote(statement.sid)})`
  return `${policy}, Statement[${statement.index}]${sid}`
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
const PROGRESS = { Principal: 0, Action: 1, NotAction: 1, Resource: 2, NotResource: 2, Condition: 3 } as const

const SUBJECTS = {
  Principal: 'caller',
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

function summary({ findings, relation, request }: VerdictBackground): string {
  const { action, caller } = request
  const allows = findings.filter(
    ({ statement, mismatch }) => statement.effect === 'Allow' && mismatch === null,
  )
  const byKey = allows.find(({ kind }) => kind === 'key')
  const byIdentity = allows.find(({ kind }) => kind === 'identity')
  const who = `${action} to ${caller.arn}`
  if (relation === 'no-key') return `No identity policy allows ${who}; without a key these alone decide.`
  if (relation === 'other-account') {
    const missing = byKey
      ? 'no identity policy does'
      : byIdentity
        ? 'the key policy does not'
        : 'neither does'
    return `The key is of another account, so its key policy and an identity policy must both allow ${who}; ${missing}.`
  }
  if (byKey) return `${place(byKey)} ${LEAVES}, and none of them allows ${who}.`
  const aside = byIdentity ? `; ${place(byIdentity)} would, but the key policy gives it no say here` : ''
  return `No statement of the key policy allows ${who}${aside}.`
}
