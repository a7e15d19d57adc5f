import type { PresenceOperator } from './operator.ts'
import { parseTruths } from './truth.ts'

/** `Null`: `true` asks that the key is absent, `false` that it is there (IAM User Guide, Condition operators, Null). */
export const NULL_OPERATOR: PresenceOperator = {
  kind: 'presence',
  name: 'Null',
  compile: (expected) => {
    const absences = parseTruths(expected)
    return absences && ((present) => absences.has(!present))
  },
}
