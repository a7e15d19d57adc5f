import { conditionHolds } from '../policy/condition.ts'
import { listApplies } from '../policy/pattern-list.ts'
import type { Statement } from '../policy/statement.ts'
import { isAboutAttestation } from './attestation-key.ts'
import type { TriedDocument } from './documents.ts'
import type { KmsAction } from './kms-actions.ts'
import type { LintSubject } from './subject.ts'

/** Whether a statement is about an operation. */
export function covers({ actions }: Statement, { folded }: Pick<KmsAction, 'folded'>): boolean {
  return actions !== null && listApplies(actions, folded)
}

/** Whether what a statement says of measurements holds for a document; so does nothing at all. */
export function measurementsHold({ conditions, effect }: Statement, { keys }: TriedDocument): boolean {
  return conditions.every(
    (condition) => !isAboutAttestation(condition.foldedKey) || conditionHolds(condition, keys, effect),
  )
}

/**
 * Whether a deny keeps everybody from an operation who brings no more than this document: whatever else a call has, it
 * gets past no such statement, so that none needs to be tried.
 */
export function deniesEverybody(subject: LintSubject, action: KmsAction, document: TriedDocument): boolean {
  return subject.policy.statements.some(
    (statement) =>
      statement.effect === 'Deny' &&
      (statement.principals === null ||
        (statement.principals.anyone && statement.principals.element === 'Principal')) &&
      covers(statement, action) &&
      statement.resources?.patterns.includes('*') === true &&
      statement.resources.element === 'Resource' &&
      statement.conditions.every(
        (condition) =>
          isAboutAttestation(condition.foldedKey) && conditionHolds(condition, document.keys, 'Deny'),
      ),
  )
}
