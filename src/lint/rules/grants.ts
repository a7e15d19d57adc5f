import type { JsonObject } from '../../core/json.ts'
import type { Statement } from '../../policy/statement.ts'
import { findCall } from '../attempt.ts'
import type { Candidate } from '../callers.ts'
import { candidatesOf, namesInPerson, standingArn } from '../callers.ts'
import { chooseRepair } from '../change.ts'
import { NO_DOCUMENT } from '../documents.ts'
import type { Finding, ProvenCall } from '../finding.ts'
import { covers, measurementsHold } from '../gate.ts'
import { KMS_ACTIONS } from '../kms-actions.ts'
import { closingIdeas } from '../repair-ideas.ts'
import type { LintSubject } from '../subject.ts'
import { placeOf, whoCalls } from '../words.ts'
import { openActions } from './open-statements.ts'

const CREATE_GRANT = KMS_ACTIONS.filter(({ action }) => action === 'kms:CreateGrant')

/** Statements that let somebody make a grant with which secrets come out without a document. */
export function findGrantsPastConditions(subject: LintSubject): readonly Finding[] {
  const operations = openActions(subject, NO_DOCUMENT).map(({ action }) => action.slice('kms:'.length))
  return subject.policy.statements.flatMap((statement) => {
    const { effect, principals } = statement
    if (effect !== 'Allow' || !CREATE_GRANT.some((action) => covers(statement, action))) return []
    if (!measurementsHold(statement, NO_DOCUMENT)) return []
    for (const candidate of candidatesOf(subject, statement)) {
      for (const operation of operations) {
        const calls = tryGrant(subject, statement, { candidate, operation })
        if (calls.length < 2) continue
        const inPerson = !principals || namesInPerson(principals, candidate.principal)
        return [
          {
            rule: 'grant-past-condition' as const,
            // Where an identity policy is needed besides, there is one more who has a say.
            severity: inPerson ? ('error' as const) : ('warning' as const),
            statement,
            path: statement.actions ? [statement.actions.element] : [],
            message: `${placeOf(statement)} allows kms:CreateGrant to ${whoCalls(candidate)}: a grant of ${operation} lets its grantee call it without an attestation document.`,
            calls,
            repair: chooseRepair(subject, closingIdeas(subject, statement), calls),
          },
        ]
      }
    }
    return []
  })
}

/** First the grant is made, then it is used; fewer than two calls where one is not allowed. */
function tryGrant(
  subject: LintSubject,
  allow: Statement,
  { candidate, operation }: { readonly candidate: Candidate; readonly operation: string },
): readonly ProvenCall[] {
  const granteePrincipal = standingArn(candidate.principal)
  const own = { 'kms:grantoperations': [operation], 'kms:granteeprincipal': [granteePrincipal] }
  const making = findCall(subject, {
    allow,
    candidate,
    action: 'kms:CreateGrant',
    document: NO_DOCUMENT,
    own,
  })
  if (!making) return []
  const grant: JsonObject = { granteePrincipal, operations: [operation] }
  // A grant is enough in the key's own account; elsewhere an identity policy has to allow besides.
  const grantee = { ...candidate, hasIdentityPolicy: candidate.principal.account !== subject.accountId }
  const using = findCall(subject, {
    allow,
    candidate: grantee,
    action: `kms:${operation}`,
    document: NO_DOCUMENT,
    grant,
  })
  return using ? [making, using] : []
}
