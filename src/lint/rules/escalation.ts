import type { JsonObject } from '../../core/json.ts'
import type { QuestionPrincipal } from '../../policy/caller.ts'
import type { Statement } from '../../policy/statement.ts'
import { findCall, toProvenCall, toQuestion } from '../attempt.ts'
import type { Candidate } from '../callers.ts'
import { candidatesOf, namesInPerson, standingArn, toCandidate } from '../callers.ts'
import { NO_DOCUMENT } from '../documents.ts'
import type { Finding, ProvenCall } from '../finding.ts'
import { covers, measurementsHold } from '../gate.ts'
import type { KmsAction } from '../kms-actions.ts'
import { KMS_ACTIONS, SECRET_ACTIONS } from '../kms-actions.ts'
import type { RuleId } from '../rules.ts'
import { severityOf } from '../rules.ts'
import type { LintSubject } from '../subject.ts'
import { placeOf, whoCalls } from '../words.ts'
import { isGated } from './open-statements.ts'

/** How many gated principals are looked at. */
const PARTIES = 16

interface Way {
  readonly rule: RuleId
  readonly action: string
  readonly message: string
  readonly repair: string
}

const WAYS: readonly Way[] = [
  {
    rule: 'policy-change-open',
    action: 'kms:PutKeyPolicy',
    message: 'may put another key policy without attesting, and that one need not ask for anything',
    repair: 'Leave PutKeyPolicy to administrators that do not use the key.',
  },
  {
    rule: 'replica-open',
    action: 'kms:ReplicateKey',
    message:
      'may replicate the key, if it is a multi-Region primary key, under a key policy of its own (with kms:CreateKey from an identity policy)',
    repair: 'Leave ReplicateKey to administrators that do not use the key.',
  },
]

/** Statements that let a principal take away the condition under which alone it gets secrets. */
export function findEscalations(subject: LintSubject): readonly Finding[] {
  const parties = gatedParties(subject)
  return WAYS.flatMap((way) =>
    KMS_ACTIONS.filter(({ action }) => action === way.action).flatMap((action) =>
      subject.policy.statements.flatMap((statement) => tryWay(subject, statement, { way, action, parties })),
    ),
  )
}

/** Principals that get secrets on conditions. */
function gatedParties(subject: LintSubject): readonly Candidate[] {
  const gated = subject.policy.statements.filter(
    (statement) =>
      statement.effect === 'Allow' &&
      isGated(subject, statement) &&
      SECRET_ACTIONS.some((action) => covers(statement, action)),
  )
  if (subject.kind === 'identity')
    return gated.slice(0, 1).flatMap((statement) => candidatesOf(subject, statement))
  const arns = new Set(gated.flatMap(({ principals }) => Array.from(principals?.arns ?? [])))
  return [...arns].slice(0, PARTIES).flatMap((arn) => toCandidate(subject, arn))
}

function tryWay(
  subject: LintSubject,
  statement: Statement,
  {
    way,
    action,
    parties,
  }: { readonly way: Way; readonly action: KmsAction; readonly parties: readonly Candidate[] },
): readonly Finding[] {
  const { effect, principals, actions } = statement
  if (effect !== 'Allow' || !covers(statement, action) || !measurementsHold(statement, NO_DOCUMENT)) return []
  for (const candidate of parties) {
    if (principals && !namesInPerson(principals, candidate.principal)) continue
    const first = findCall(subject, {
      allow: statement,
      candidate,
      action: way.action,
      document: NO_DOCUMENT,
    })
    const second = first && useOwnPolicy(subject, candidate, way)
    if (!first || !second) continue
    return [
      {
        rule: way.rule,
        severity: severityOf(way.rule),
        statement,
        path: actions ? [actions.element] : [],
        message: `By ${placeOf(statement)} ${whoCalls(candidate)}, which gets secrets on condition only, ${way.message}.`,
        calls: [first, second],
        repair: { text: way.repair, change: null, proved: false },
      },
    ]
  }
  return []
}

/** What follows: a secret, under a key policy that the caller wrote. */
function useOwnPolicy(subject: LintSubject, candidate: Candidate, { rule }: Way): ProvenCall | undefined {
  const call = {
    keyArn: rule === 'replica-open' ? replicaArn(subject.keyArn) : subject.keyArn,
    keyPolicy: ownPolicy(candidate.principal),
    principal: candidate.principal,
    action: 'kms:Decrypt',
    identityPolicies: [],
    grants: [],
    context: {},
  }
  const decision = subject.prover.ask(toQuestion(subject, call))
  return decision?.outcome === 'allow' ? toProvenCall(call, decision, NO_DOCUMENT.words) : undefined
}

function ownPolicy(principal: QuestionPrincipal): JsonObject {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: standingArn(principal) },
    Action: 'kms:*',
    Resource: '*',
  }
  return { Version: '2012-10-17', Statement: [statement] }
}

/** The same key in another Region. */
function replicaArn(keyArn: string): string {
  return keyArn
    .split(':')
    .map((part, at) => (at === 3 ? `${part.slice(0, -1)}${part.endsWith('2') ? '1' : '2'}` : part))
    .join(':')
}
