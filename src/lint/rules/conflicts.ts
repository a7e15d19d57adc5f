import type { Condition } from '../../policy/condition.ts'
import type { Statement } from '../../policy/statement.ts'
import { registerOf } from '../attestation-key.ts'
import { nameOf } from '../documents.ts'
import type { Finding } from '../finding.ts'
import type { RuleId } from '../rules.ts'
import { severityOf } from '../rules.ts'
import type { LintSubject } from '../subject.ts'
import { listWords, placeOf, tell } from '../words.ts'

/** Statements whose conditions on measurements can never hold together. */
export function findConflicts({ policy }: LintSubject): readonly Finding[] {
  return policy.statements.flatMap((statement) => [...bothKinds(statement), ...contradictions(statement)])
}

function at(statement: Statement, rule: RuleId, message: string, text: string): Finding {
  return {
    rule,
    severity: severityOf(rule),
    statement,
    path: ['Condition'],
    message: `${placeOf(statement)}: ${message}`,
    calls: [],
    repair: { text, change: null, proved: false },
  }
}

/** Conditions that fail where their key is absent. */
function demanded({ conditions }: Statement): readonly Condition[] {
  return conditions.filter(({ foldedKey, test, ifExists, quantifier }) => {
    if (!registerOf(foldedKey)) return false
    if (test.kind === 'presence') return !test.matches(false)
    return quantifier === 'any' || (!test.negated && !ifExists && quantifier === null)
  })
}

function bothKinds(statement: Statement): readonly Finding[] {
  const kinds = new Set(demanded(statement).map(({ foldedKey }) => registerOf(foldedKey)?.kind))
  if (kinds.size < 2) return []
  const what =
    'it asks for registers of an enclave and of a NitroTPM at once, and no document has both, so it never applies.'
  return [at(statement, 'kinds-conflict', what, 'Write one statement for each kind of document.')]
}

function contradictions(statement: Statement): readonly Finding[] {
  const groups = Map.groupBy(demanded(statement), ({ foldedKey }) => {
    const register = registerOf(foldedKey)
    return register ? nameOf(register) : ''
  })
  return [...groups.values()].flatMap((conditions) => {
    const compared = conditions.filter(({ test }) => test.kind === 'value')
    const [first] = compared
    // A value that all accept must be one that the first lists, if that one lists whole values.
    if (!first || compared.length < 2 || first.expected.some((text) => /[*?$]/.test(text))) return []
    const agreed = first.expected.some((value) => compared.every((one) => accepts(one, value)))
    const keys = listWords(compared.map(({ operator, key }) => `${operator} ${tell(key)}`))
    const what = `${keys} are about the same register and have no value in common, so the statement never applies.`
    return agreed
      ? []
      : [at(statement, 'measurement-contradiction', what, 'Ask for one of them, with all its values.')]
  })
}

const NO_KEYS = new Map<string, readonly string[]>()

function accepts({ test }: Condition, value: string): boolean {
  return test.kind === 'value' && test.matches(value.toLowerCase(), NO_KEYS) === !test.negated
}
