import { compactJson } from '../core/json-members.ts'
import type { JsonObject } from '../core/json.ts'
import { isJsonObject, parseJson } from '../core/json.ts'
import { parsePolicy } from '../policy/document.ts'
import { PolicyError } from '../policy/errors.ts'
import type { PolicyKind } from '../policy/statement.ts'
import type { Finding } from './finding.ts'
import { covers } from './gate.ts'
import { SECRET_ACTIONS } from './kms-actions.ts'
import { createProver } from './prover.ts'
import { findOpenToAllAccounts } from './rules/all-accounts.ts'
import { findWrongKeys } from './rules/condition-keys.ts'
import { findConflicts } from './rules/conflicts.ts'
import { findWeakDenies } from './rules/denies.ts'
import { findDocumentGaps } from './rules/document-gaps.ts'
import { findEscalations } from './rules/escalation.ts'
import { findGrantsPastConditions } from './rules/grants.ts'
import { findWrongValues } from './rules/measurement-values.ts'
import { findNeverCarried } from './rules/never-carried.ts'
import { findNoEffect } from './rules/no-effect.ts'
import { findOldVariables } from './rules/old-version.ts'
import { findUnattested } from './rules/open-statements.ts'
import type { Severity } from './rule.ts'
import { severityOf } from './rules.ts'
import type { LintSubject } from './subject.ts'
import { asksForAttestation, toSubject } from './subject.ts'

/** What is known of a policy beside its text. */
export interface LintOptions {
  /** Where it is attached; by default a policy whose statements name principals is that of a key. */
  readonly kind?: PolicyKind
  /** The key that it is of, or that an identity policy is to be tried on. */
  readonly keyArn?: string
  /** Whether to demand attestation even where the policy asks for none. */
  readonly requireAttestation?: boolean
  /** How many statements the evaluator looks at, of all calls that are tried together. */
  readonly budget?: number
}

/** Takes about a second. */
const DEFAULT_BUDGET = 400_000

/** The rules, those that prove their findings by calls first. */
const PROVING = [
  findUnattested,
  findDocumentGaps,
  findWeakDenies,
  findGrantsPastConditions,
  findEscalations,
  findOpenToAllAccounts,
]
const READING = [
  findWrongKeys,
  findWrongValues,
  findConflicts,
  findNeverCarried,
  findNoEffect,
  findOldVariables,
]

/**
 * Looks for ways round attestation in a policy, given as the text of its JSON document, and for what cannot work in it.
 * Worst first, then by statement. A policy that asks for no attestation has one finding at most, which says so, unless
 * attestation is required; one that cannot be read has one. Throws nothing; its time is bounded.
 */
export function lintPolicy(text: string, options: LintOptions = {}): readonly Finding[] {
  try {
    return toFindings(text, options)
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return [unreadable(error)]
  }
}

/** The kind of a policy: of a key, where its statements name principals. */
export function recognizeKind(text: string): PolicyKind {
  const document = readObject(text)
  const statements = document?.['Statement']
  const list: readonly unknown[] = Array.isArray(statements) ? statements : [statements]
  const named = list.some(
    (one) => typeof one === 'object' && one !== null && ('Principal' in one || 'NotPrincipal' in one),
  )
  return named ? 'key' : 'identity'
}

function readObject(text: string): JsonObject | undefined {
  try {
    const document = parseJson(text)
    return isJsonObject(document) ? document : undefined
  } catch {
    return undefined
  }
}

function toFindings(text: string, options: LintOptions): readonly Finding[] {
  const { kind = recognizeKind(text), keyArn, requireAttestation = false, budget = DEFAULT_BUDGET } = options
  const compact = compactJson(text)
  const policy = parsePolicy(compact, kind)
  const document = readObject(compact) ?? {}
  const prover = createProver(budget)
  const subject = toSubject({ policy, document, keyArn, prover })
  if (!asksForAttestation(policy) && !requireAttestation) return withoutAttestation(subject)
  const proved = PROVING.flatMap((find) => find(subject))
  const read = READING.flatMap((find) => find(subject))
  const all = dropRepeated([...proved, ...read])
    .toSorted(byWeight)
    .map(withPlainStatement)
  return prover.isSpent() ? [...all, CUT_SHORT] : all
}

function withoutAttestation({ policy }: LintSubject): readonly Finding[] {
  const reaching = policy.statements.some(
    (statement) => statement.effect === 'Allow' && SECRET_ACTIONS.some((action) => covers(statement, action)),
  )
  if (!reaching) return []
  return [
    {
      rule: 'no-attestation',
      severity: severityOf('no-attestation'),
      statement: null,
      path: [],
      message:
        'Nothing in the policy asks for attestation: who may call, may call without an attestation document.',
      calls: [],
      repair: {
        text: 'If the key is to be for attested callers only, deny all others: Deny with StringNotEqualsIgnoreCase on kms:RecipientAttestation:ImageSha384. Else there is nothing to do.',
        change: null,
        proved: false,
      },
    },
  ]
}

const ORDER: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 }

function byWeight(a: Finding, b: Finding): number {
  const weight = ORDER[a.severity] - ORDER[b.severity]
  return weight === 0 ? (a.statement?.index ?? -1) - (b.statement?.index ?? -1) : weight
}

/** Rules hand over statements as the evaluator has them; a finding tells of two of their members. */
function withPlainStatement(finding: Finding): Finding {
  const { statement } = finding
  return { ...finding, statement: statement && { index: statement.index, sid: statement.sid } }
}

/** Of two findings of one rule at one place the first stays, which has a call if one of them has; remarks give way to all. */
function dropRepeated(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>()
  const places = new Set<string>()
  const partly = new Set(
    findings.flatMap(({ rule, statement }) => (rule === 'deny-needs-all' ? [statement?.index] : [])),
  )
  return findings.filter((finding) => {
    const place = JSON.stringify([finding.statement?.index, finding.path])
    const name = `${finding.rule} ${place}`
    const repeated =
      seen.has(name) ||
      (finding.rule === 'set-operator' && places.has(place)) ||
      (finding.rule === 'weak-measurement' && partly.has(finding.statement?.index))
    seen.add(name)
    places.add(place)
    return !repeated
  })
}

function unreadable(error: PolicyError): Finding {
  const index = /Statement\[(\d{1,6})\]/.exec(error.message)?.[1]
  const rule =
    error.code === 'POLICY_CONDITION_OVERLY_PERMISSIVE' ? 'overly-permissive-condition' : 'unreadable-policy'
  return {
    rule,
    severity: severityOf(rule),
    statement: index === undefined ? null : { index: Number(index), sid: null },
    path: [],
    message: `The policy cannot be read (${error.code}): ${error.message}.`,
    calls: [],
    repair: { text: 'Mend the element that is named.', change: null, proved: false },
  }
}

const CUT_SHORT: Finding = {
  rule: 'search-cut-short',
  severity: severityOf('search-cut-short'),
  statement: null,
  path: [],
  message:
    'The policy is so large that not every call could be tried; there may be more ways round than are told of.',
  calls: [],
  repair: {
    text: 'Fewer statements and principals make a policy that can be judged.',
    change: null,
    proved: false,
  },
}
