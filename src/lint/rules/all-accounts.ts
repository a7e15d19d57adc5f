import { findCall } from '../attempt.ts'
import { candidatesOf } from '../callers.ts'
import { chooseRepair } from '../change.ts'
import type { Finding } from '../finding.ts'
import { covers, measurementsHold } from '../gate.ts'
import { withCondition } from '../repair-ideas.ts'
import { severityOf } from '../rules.ts'
import type { LintSubject } from '../subject.ts'
import { rightDocuments } from '../tried-documents.ts'
import { listActions, placeOf } from '../words.ts'
import { isGated, openActions } from './open-statements.ts'

/** Statements for everybody whose only gate is the measurement. */
export function findOpenToAllAccounts(subject: LintSubject): readonly Finding[] {
  return subject.policy.statements.flatMap((statement) => {
    const { effect, principals, index } = statement
    if (effect !== 'Allow' || !principals?.anyone || !isGated(subject, statement)) return []
    const [stranger] = candidatesOf(subject, statement)
    for (const document of rightDocuments(subject, statement)) {
      const reached = openActions(subject, document).filter((action) => covers(statement, action))
      if (!stranger || !measurementsHold(statement, document)) continue
      const [call] = reached.flatMap(
        ({ action }) => findCall(subject, { allow: statement, candidate: stranger, action, document }) ?? [],
      )
      const written = subject.written[index]
      if (!call || !written) continue
      const limited = withCondition(written, 'StringEquals', { 'kms:CallerAccount': subject.accountId })
      const ideas = [
        {
          text: 'Name the role of the parent instance as the principal, or limit the accounts.',
          change: { kind: 'replace-statement' as const, index, statement: limited },
        },
      ]
      return [
        {
          rule: 'open-to-all-accounts' as const,
          severity: severityOf('open-to-all-accounts'),
          statement,
          path: ['Principal'],
          message: `${placeOf(statement)} allows ${listActions(reached)} to everybody with the measurements: whoever gets hold of the image can start it in an AWS account of his own and call with an identity policy of that account.`,
          calls: [call],
          repair: chooseRepair(subject, ideas, [call]),
        },
      ]
    }
    return []
  })
}
