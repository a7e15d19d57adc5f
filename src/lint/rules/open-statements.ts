import type { Condition } from '../../policy/condition.ts'
import type { Statement } from '../../policy/statement.ts'
import { findCall } from '../attempt.ts'
import { isAboutAttestation } from '../attestation-key.ts'
import type { Candidate } from '../callers.ts'
import { candidatesOf, namesInPerson } from '../callers.ts'
import { chooseRepair } from '../change.ts'
import type { TriedDocument } from '../documents.ts'
import { NO_DOCUMENT } from '../documents.ts'
import type { Finding, ProvenCall } from '../finding.ts'
import { covers, deniesEverybody, measurementsHold } from '../gate.ts'
import type { KmsAction } from '../kms-actions.ts'
import { SECRET_ACTIONS } from '../kms-actions.ts'
import { closingIdeas } from '../repair-ideas.ts'
import { loosenedIdeas } from '../loose-condition.ts'
import type { RuleId } from '../rules.ts'
import { severityOf } from '../rules.ts'
import type { LintSubject } from '../subject.ts'
import { isConditional } from '../subject.ts'
import { listActions, placeOf, tell, whoCalls } from '../words.ts'

/** A statement that lets somebody bring out secrets, with what he brings. */
export interface Opening {
  readonly statement: Statement
  readonly candidate: Candidate
  /** What he reaches; never empty. */
  readonly reached: readonly KmsAction[]
  readonly call: ProvenCall
}

/** Operations that are not denied to everybody who brings a document, and can carry it. */
export function openActions(subject: LintSubject, document: TriedDocument): readonly KmsAction[] {
  return SECRET_ACTIONS.filter(
    (action) =>
      (document.keys.size === 0 || action.attestable) && !deniesEverybody(subject, action, document),
  )
}

/** Looks for somebody whom an allow lets in with a document; of `actions` those that it covers are tried. */
export function findOpening(
  subject: LintSubject,
  statement: Statement,
  { document, actions }: { readonly document: TriedDocument; readonly actions: readonly KmsAction[] },
): Opening | undefined {
  const tried = actions.filter((action) => covers(statement, action))
  if (statement.effect !== 'Allow' || tried.length === 0 || !measurementsHold(statement, document))
    return undefined
  for (const candidate of candidatesOf(subject, statement)) {
    const calls = tried.flatMap((action) => {
      const call = findCall(subject, { allow: statement, candidate, action: action.action, document })
      return call ? [{ action, call }] : []
    })
    const [first] = calls
    if (first) return { statement, candidate, reached: calls.map(({ action }) => action), call: first.call }
  }
  return undefined
}

/** Statements that bring out secrets to callers without a document. */
export function findUnattested(subject: LintSubject): readonly Finding[] {
  const document = NO_DOCUMENT
  const actions = openActions(subject, document)
  return subject.policy.statements.flatMap((statement) => {
    const opening = findOpening(subject, statement, { document, actions })
    return opening ? [toFinding(subject, opening)] : []
  })
}

function toFinding(subject: LintSubject, { statement, candidate, reached, call }: Opening): Finding {
  const loose = statement.conditions.find(({ foldedKey }) => isAboutAttestation(foldedKey))
  const rule = loose ? looseRule(loose) : openRule(statement, candidate)
  const ideas = loose
    ? [...loosenedIdeas(subject, statement), ...closingIdeas(subject, statement)]
    : closingIdeas(subject, statement)
  const where = placeOf(statement)
  const what = listActions(reached)
  const how = loose
    ? `${where} allows ${what} under ${loose.operator} on ${tell(loose.key)}, which also holds where there is no attestation document.`
    : rule === 'account-delegation'
      ? `${where} leaves ${what} to the identity policies of the account that it names: ${whoCalls(candidate)} needs no attestation document, whatever other statements ask for.`
      : `${where} allows ${what} to ${whoCalls(candidate)} without asking for an attestation document.`
  return {
    rule,
    severity: severityOf(rule),
    statement,
    path: loose ? ['Condition', loose.operator, loose.key] : pathOf(statement),
    message: how,
    calls: [call],
    repair: chooseRepair(subject, ideas, [call]),
  }
}

function pathOf({ actions }: Statement): readonly string[] {
  return actions ? [actions.element] : []
}

function looseRule({ test, quantifier, ifExists }: Condition): RuleId {
  if (test.kind === 'presence') return 'null-wrong-way'
  if (quantifier === 'all') return 'for-all-values-in-allow'
  return ifExists ? 'if-exists-in-allow' : 'negated-in-allow'
}

function openRule({ principals }: Statement, { principal }: Candidate): RuleId {
  if (!principals || namesInPerson(principals, principal)) return 'unattested-secret-operation'
  return 'account-delegation'
}

/** Whether a policy gates a statement at all: by its own conditions or by those of a deny. */
export function isGated(subject: LintSubject, statement: Statement): boolean {
  const { statements } = subject.policy
  return (
    isConditional(statement) || statements.some((other) => other.effect === 'Deny' && isConditional(other))
  )
}
