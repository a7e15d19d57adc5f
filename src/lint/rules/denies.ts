import type { Condition } from '../../policy/condition.ts'
import type { Statement } from '../../policy/statement.ts'
import { isAboutAttestation, registerOf } from '../attestation-key.ts'
import { chooseRepair } from '../change.ts'
import {
  foreignDigits,
  foreignEnclave,
  foreignNitroTpm,
  nameOf,
  NO_DOCUMENT,
  partlyRight,
  wantedBy,
} from '../documents.ts'
import type { Finding } from '../finding.ts'
import { covers, deniesEverybody, measurementsHold } from '../gate.ts'
import { KMS_ACTIONS, SECRET_ACTIONS } from '../kms-actions.ts'
import { denyingIdea } from '../repair-ideas.ts'
import { splitIdeas } from '../split-conditions.ts'
import type { RuleId } from '../rules.ts'
import { severityOf } from '../rules.ts'
import type { LintSubject } from '../subject.ts'
import { isConditional } from '../subject.ts'
import { listActions, listWords, placeOf, tell, whoCalls } from '../words.ts'
import type { Opening } from './open-statements.ts'
import { findOpening, openActions } from './open-statements.ts'

/** Denies that do not keep out whom they were meant for. */
export function findWeakDenies(subject: LintSubject): readonly Finding[] {
  return subject.policy.statements.flatMap((statement) => {
    if (statement.effect !== 'Deny' || !isConditional(statement)) return []
    return [
      ...missesTheUnattested(subject, statement),
      ...needsAll(subject, statement),
      ...blocksAdministration(subject, statement),
      ...exceptsPrincipals(statement),
    ]
  })
}

const measurementsOf = ({ conditions }: Statement): readonly Condition[] =>
  conditions.filter(({ foldedKey }) => isAboutAttestation(foldedKey))

/** A deny that does not apply to callers without a document, where such a caller gets in. */
function missesTheUnattested(subject: LintSubject, deny: Statement): readonly Finding[] {
  if (measurementsHold(deny, NO_DOCUMENT)) return []
  const actions = openActions(subject, NO_DOCUMENT).filter((action) => covers(deny, action))
  const opening = firstOpening(subject, (allow) =>
    findOpening(subject, allow, { document: NO_DOCUMENT, actions }),
  )
  const [condition] = measurementsOf(deny)
  if (!opening || !condition) return []
  const rule = missRule(measurementsOf(deny))
  const { statement, candidate, reached, call } = opening
  return [
    {
      rule,
      severity: severityOf(rule),
      statement: deny,
      path: ['Condition', condition.operator, condition.key],
      message: `${placeOf(deny)} does not deny callers without an attestation document: ${whoCalls(candidate)} gets ${listActions(reached)} by ${placeOf(statement)}.`,
      calls: [call],
      repair: chooseRepair(subject, [denyingIdea(subject)], [call]),
    },
  ]
}

function missRule(conditions: readonly Condition[]): RuleId {
  if (conditions.every(({ test }) => test.kind === 'presence')) return 'null-wrong-way'
  const positive = conditions.every(({ test }) => test.kind === 'value' && !test.negated)
  return positive ? 'deny-positive-operator' : 'deny-skips-absent-document'
}

/** A deny that lists several measurements of one kind, where a document with one of them right gets in. */
function needsAll(subject: LintSubject, deny: Statement): readonly Finding[] {
  const conditions = measurementsOf(deny).filter(({ test }) => test.kind === 'value' && test.negated)
  const wanted = wantedBy(conditions)
  const digits = foreignDigits(conditions)
  const foreign = { enclave: foreignEnclave(digits), nitrotpm: foreignNitroTpm(digits) }
  for (const { foldedKey, key } of conditions.toReversed()) {
    const register = registerOf(foldedKey)
    if (!register) continue
    const ofKind = [...wanted.keys()].filter((name) => name.startsWith(register.kind))
    if (ofKind.length < 2) continue
    const document = partlyRight(foreign[register.kind], wanted, {
      right: (one) => nameOf(one) === nameOf(register),
      words: `a genuine document of another image that has no more in common with the right one than ${tell(key)}`,
    })
    const actions = openActions(subject, document).filter((action) => covers(deny, action))
    const opening = firstOpening(subject, (allow) => findOpening(subject, allow, { document, actions }))
    if (!opening) continue
    const { statement, candidate, reached, call } = opening
    return [
      {
        rule: 'deny-needs-all',
        severity: severityOf('deny-needs-all'),
        statement: deny,
        path: ['Condition'],
        message: `${placeOf(deny)} denies only documents in which ${listWords(conditions.map((one) => tell(one.key)))} are wrong together: ${whoCalls(candidate)} gets ${listActions(reached)} by ${placeOf(statement)} with ${tell(key)} alone.`,
        calls: [call],
        repair: chooseRepair(subject, [...splitIdeas(subject, deny), denyingIdea(subject)], [call]),
      },
    ]
  }
  return []
}

function firstOpening(
  { policy }: LintSubject,
  look: (allow: Statement) => Opening | undefined,
): Opening | undefined {
  for (const statement of policy.statements) {
    const opening = look(statement)
    if (opening) return opening
  }
  return undefined
}

/** A deny for everybody that covers `PutKeyPolicy`, which never carries a document. */
function blocksAdministration(subject: LintSubject, deny: Statement): readonly Finding[] {
  const put = KMS_ACTIONS.find(({ action }) => action === 'kms:PutKeyPolicy')
  const written = subject.written[deny.index]
  if (!put || !written || subject.kind !== 'key' || !covers(deny, put)) return []
  if (!deniesEverybody({ ...subject, policy: { ...subject.policy, statements: [deny] } }, put, NO_DOCUMENT))
    return []
  const { NotAction: _not, ...rest } = written
  const statement = {
    ...rest,
    // Those that never carry a document too: left out, they would bring secrets out past the deny.
    Action: SECRET_ACTIONS.map(({ action }) => action),
  }
  return [
    {
      rule: 'deny-blocks-administration',
      severity: severityOf('deny-blocks-administration'),
      statement: deny,
      path: deny.actions ? [deny.actions.element] : [],
      message: `${placeOf(deny)} denies kms:PutKeyPolicy to everybody, since it never carries a document: the key can never get another policy.`,
      calls: [],
      repair: chooseRepair(
        subject,
        [
          {
            text: 'Deny the operations that bring out secrets only.',
            change: { kind: 'replace-statement', index: deny.index, statement },
          },
        ],
        [],
      ),
    },
  ]
}

function exceptsPrincipals(deny: Statement): readonly Finding[] {
  if (deny.principals?.element !== 'NotPrincipal') return []
  return [
    {
      rule: 'not-principal-in-deny',
      severity: severityOf('not-principal-in-deny'),
      statement: deny,
      path: ['NotPrincipal'],
      message: `${placeOf(deny)} excepts ${listWords(deny.principals.texts.map(tell))} from the measurements it asks of everybody else, and sessions only where role and account are listed too.`,
      calls: [],
      repair: {
        text: 'Use "Principal": "*", and except somebody, if it must be, by ArnNotEquals on aws:PrincipalArn.',
        change: null,
        proved: false,
      },
    },
  ]
}
