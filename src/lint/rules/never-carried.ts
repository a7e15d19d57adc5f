import { foldAction } from '../../policy/action.ts'
import type { Statement } from '../../policy/statement.ts'
import { compileWildcard } from '../../policy/wildcard.ts'
import { NO_DOCUMENT } from '../documents.ts'
import type { Finding } from '../finding.ts'
import { measurementsHold } from '../gate.ts'
import type { KmsAction } from '../kms-actions.ts'
import { KMS_ACTIONS } from '../kms-actions.ts'
import { severityOf } from '../rules.ts'
import type { LintSubject } from '../subject.ts'
import { isConditional } from '../subject.ts'
import { listWords, placeOf, tell } from '../words.ts'

/** Operations that a deny may well keep from everybody: they lead to secrets, and never carry a document. */
const WELL_DENIED: ReadonlySet<string> = new Set(
  ['ReEncryptFrom', 'ReEncryptTo', 'CreateGrant', 'PutKeyPolicy', 'ReplicateKey', 'Decapsulate'].map(
    (name) => `kms:${name}`,
  ),
)

/** Statements that ask for measurements of operations that never carry a document. */
export function findNeverCarried({ policy }: LintSubject): readonly Finding[] {
  return policy.statements.flatMap((statement) => {
    const { actions, effect } = statement
    if (!isConditional(statement) || actions?.element !== 'Action') return []
    const holds = measurementsHold(statement, NO_DOCUMENT)
    // A deny that does not hold without a document, or an allow that does, is told of elsewhere.
    if (holds !== (effect === 'Deny')) return []
    const named = actions.patterns.filter((pattern) => neverCarried(pattern, effect))
    if (named.length === 0) return []
    const consequence =
      effect === 'Deny' ? 'the statement denies them to everybody' : 'the statement never allows them'
    return [
      {
        rule: 'document-never-carried' as const,
        severity: severityOf('document-never-carried'),
        statement,
        path: ['Action'],
        message: `${placeOf(statement)} asks for measurements of ${listWords(named.map(tell))}, which never carries a document: ${consequence}.`,
        calls: [],
        repair: repairOf(statement),
      },
    ]
  })
}

function neverCarried(pattern: string, effect: Statement['effect']): boolean {
  const matches = compileWildcard(foldAction(pattern))
  const matched: readonly KmsAction[] = KMS_ACTIONS.filter(({ folded }) => matches(folded))
  if (matched.length === 0 || matched.some(({ attestable }) => attestable)) return false
  return effect === 'Allow' || !matched.every(({ action }) => WELL_DENIED.has(action))
}

function repairOf({ effect }: Statement): Finding['repair'] {
  const text =
    effect === 'Allow'
      ? 'Allow them in a statement of their own without the condition, if what they answer needs no protection.'
      : 'Leave them out of the statement.'
  return { text, change: null, proved: false }
}
