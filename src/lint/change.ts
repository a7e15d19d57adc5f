import type { JsonObject } from '../core/json.ts'
import { parsePolicy } from '../policy/document.ts'
import { PolicyError } from '../policy/errors.ts'
import type { Policy } from '../policy/document.ts'
import { toQuestion } from './attempt.ts'
import type { PolicyChange, ProvenCall, Repair } from './finding.ts'
import type { LintSubject } from './subject.ts'
import { statementsOf } from './subject.ts'

/** A policy document with one change made. */
export function applyChange(document: JsonObject, change: PolicyChange): JsonObject {
  const statements = statementsOf(document)
  if (change.kind === 'add-statement') return { ...document, Statement: [...statements, change.statement] }
  const changed = statements.flatMap((statement, index) => {
    if (index !== change.index) return [statement]
    return change.kind === 'replace-statement' ? [change.statement] : change.statements
  })
  return { ...document, Statement: changed }
}

/** A change that may be the repair, and what to say of it. */
export interface RepairIdea {
  readonly text: string
  readonly change: PolicyChange
}

/**
 * The first idea after which the evaluator denies the call, or one of those that lead to one another. Where there is none, the last one, which mends its
 * part only; with no calls to deny, the first that leaves a policy that can be read.
 */
export function chooseRepair(
  subject: LintSubject,
  ideas: readonly RepairIdea[],
  calls: readonly ProvenCall[],
): Repair {
  for (const { text, change } of ideas) {
    const policy = read(applyChange(subject.document, change), subject)
    // Of calls that lead to one another it is enough to stop one.
    if (policy && (calls.length === 0 || calls.some((call) => isDenied(subject, call, policy)))) {
      return { text, change, proved: calls.length > 0 }
    }
  }
  const last = ideas.at(-1)
  const more = ' Other statements let the call in besides.'
  return {
    text: `${last?.text ?? 'Name the measurements that may, and nothing else.'}${last ? more : ''}`,
    change: last?.change ?? null,
    proved: false,
  }
}

function isDenied(subject: LintSubject, { case: call }: ProvenCall, policy: Policy): boolean {
  const decision = subject.prover.ask(toQuestion(subject, call, policy))
  return decision !== undefined && decision.outcome !== 'allow'
}

/** Reading a policy costs as much as asking about it a few times. */
const READING_COST = 4

function read(document: JsonObject, { kind, policy, prover }: LintSubject): Policy | undefined {
  if (!prover.spend(READING_COST * policy.statements.length)) return undefined
  try {
    return parsePolicy(JSON.stringify(document), kind)
  } catch (error) {
    if (error instanceof PolicyError) return undefined
    throw error
  }
}
