import type { JsonObject } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import { foldKey } from '../policy/condition-context.ts'
import type { Statement } from '../policy/statement.ts'
import { isAboutAttestation } from './attestation-key.ts'
import type { RepairIdea } from './change.ts'
import type { LintSubject } from './subject.ts'

/** Makes one statement of each measurement that a statement lists; its other conditions stay in all of them. */
export function splitIdeas(subject: LintSubject, { index, sid }: Statement): readonly RepairIdea[] {
  const written = subject.written[index]
  const block = written?.['Condition']
  if (!written || !isJsonObject(block)) return []
  const rows = Object.entries(block).flatMap(([operator, keys]) =>
    isJsonObject(keys) ? Object.entries(keys).map(([key, value]) => ({ operator, key, value })) : [],
  )
  const measured = rows.filter(({ key }) => isAboutAttestation(foldKey(key)))
  const others = rows.filter((row) => !measured.includes(row))
  const taken = new Set(subject.policy.statements.map((statement) => statement.sid))
  const statements = measured.map((row, at) => {
    const Condition: Record<string, JsonObject> = {}
    for (const { operator, key, value } of [...others, row]) {
      Condition[operator] = { ...Condition[operator], [key]: value }
    }
    const name = `${sid ?? ''}${at + 1}`
    const { Sid: _sid, ...rest } = written
    const named = at === 0 ? sid : taken.has(name) ? null : name
    return Object.assign(sid !== null && named !== null ? { Sid: named } : {}, rest, { Condition })
  })
  return [
    { text: 'Write one Deny for each measurement.', change: { kind: 'split-statement', index, statements } },
  ]
}
