import type { Finding } from '../finding.ts'
import { severityOf } from '../rules.ts'
import type { LintSubject } from '../subject.ts'
import { listWords, placeOf, tell } from '../words.ts'

/** Texts with `${…}` in a policy whose version has no variables. */
export function findOldVariables({ policy, document }: LintSubject): readonly Finding[] {
  if (document['Version'] === '2012-10-17') return []
  return policy.statements.flatMap((statement) => {
    const { conditions, resources } = statement
    const keys = conditions.filter(({ expected }) => expected.some(hasVariable)).map(({ key }) => key)
    const places = [...keys, ...(resources?.patterns.some(hasVariable) ? [resources.element] : [])]
    if (places.length === 0) return []
    return [
      {
        rule: 'variables-in-old-version' as const,
        severity: severityOf('variables-in-old-version'),
        statement,
        path: keys.length > 0 ? ['Condition'] : [],
        message: `${placeOf(statement)} has \${…} in ${listWords(places.map(tell))}, which is plain text without "Version": "2012-10-17".`,
        calls: [],
        repair: { text: 'Add "Version": "2012-10-17" to the policy.', change: null, proved: false },
      },
    ]
  })
}

function hasVariable(text: string): boolean {
  return text.includes('${')
}
