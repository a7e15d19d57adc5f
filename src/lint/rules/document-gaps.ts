import type { Statement } from '../../policy/statement.ts'
import { isAboutAttestation, registerOf } from '../attestation-key.ts'
import { chooseRepair } from '../change.ts'
import type { TriedDocument } from '../documents.ts'
import { NO_DOCUMENT } from '../documents.ts'
import type { Finding } from '../finding.ts'
import { covers, measurementsHold } from '../gate.ts'
import { loosenedIdeas } from '../loose-condition.ts'
import { denyingIdea } from '../repair-ideas.ts'
import type { Severity } from '../rule.ts'
import type { RuleId } from '../rules.ts'
import { severityOf } from '../rules.ts'
import type { LintSubject } from '../subject.ts'
import { isConditional } from '../subject.ts'
import { triedDocuments } from '../tried-documents.ts'
import { withoutZeros } from '../without-zeros.ts'
import { listActions, placeOf, whoCalls } from '../words.ts'
import type { Opening } from './open-statements.ts'
import { findOpening, isGated, openActions } from './open-statements.ts'

/** Statements that are gated, and yet let in documents that cannot be those that were meant. */
export function findDocumentGaps(subject: LintSubject): readonly Finding[] {
  const unattested = openActions(subject, NO_DOCUMENT)
  return subject.policy.statements.flatMap((statement) => {
    if (statement.effect !== 'Allow' || !isGated(subject, statement)) return []
    // Where nothing at all is needed, a document tells nothing more.
    if (findOpening(subject, statement, { document: NO_DOCUMENT, actions: unattested })) return []
    for (const { rule, severity, document } of triedDocuments(subject, statement)) {
      const opening = findOpening(subject, statement, { document, actions: openActions(subject, document) })
      if (opening)
        return [toFinding(subject, opening, { rule, severity: severity ?? severityOf(rule), document })]
    }
    return []
  })
}

interface Gap {
  readonly rule: RuleId
  readonly severity: Severity
  readonly document: TriedDocument
}

function toFinding(subject: LintSubject, opening: Opening, { rule, severity, document }: Gap): Finding {
  const { statement, candidate, reached, call } = opening
  const gate = gateOf(subject, opening)
  const condition = gate.conditions.find(({ foldedKey }) => isAboutAttestation(foldedKey))
  const where = placeOf(gate)
  const through = gate === statement ? '' : `, which ${placeOf(statement)} allows`
  return {
    rule,
    severity,
    statement: gate,
    path: condition ? ['Condition', condition.operator, condition.key] : [],
    message: `What ${where} asks for is also met by ${document.words}: ${whoCalls(candidate)} gets ${listActions(reached)}${through}.${hintAt(gate)}`,
    calls: [call],
    repair: repairOf(subject, { rule, gate }, opening),
  }
}

/** The statement whose conditions the document gets past: the allow, or the deny that stops callers who bring none. */
function gateOf({ policy }: LintSubject, { statement, reached }: Opening): Statement {
  const [action] = reached
  const deny = policy.statements.find(
    (other) =>
      other.effect === 'Deny' &&
      isConditional(other) &&
      action !== undefined &&
      covers(other, action) &&
      measurementsHold(other, NO_DOCUMENT),
  )
  return isConditional(statement) ? statement : (deny ?? statement)
}

/** PCR4 of an enclave is often taken for PCR4 of a NitroTPM. */
function hintAt({ conditions }: Statement): string {
  const registers = conditions.flatMap(({ foldedKey }) => registerOf(foldedKey) ?? [])
  const onlyPcr4 =
    registers.length > 0 && registers.every(({ kind, index }) => kind === 'enclave' && index === 4)
  return onlyPcr4
    ? ' PCR4 of an enclave is the id of the parent instance; the boot loader of a NitroTPM instance is NitroTPMPCR4, and its documents never have the key PCR4.'
    : ''
}

function repairOf(
  subject: LintSubject,
  { rule, gate }: { readonly rule: RuleId; readonly gate: Statement },
  { call }: Opening,
): Finding['repair'] {
  if (rule === 'weak-measurement') {
    return {
      text: 'Ask for kms:RecipientAttestation:ImageSha384 (PCR0) besides, of a NitroTPM for NitroTPMPCR4 or NitroTPMPCR11.',
      change: null,
      proved: false,
    }
  }
  const ideas = [
    ...(rule === 'debug-measurements' ? withoutZeros(subject, gate) : []),
    ...loosenedIdeas(subject, gate),
    denyingIdea(subject),
  ]
  return chooseRepair(subject, ideas, [call])
}
