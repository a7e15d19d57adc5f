import type { Condition } from '../../policy/condition.ts'
import { quote } from '../../policy/quote.ts'
import type { Statement } from '../../policy/statement.ts'
import { hintFor, isAboutAttestation, registerOf } from '../attestation-key.ts'
import type { Finding } from '../finding.ts'
import { judgeValue } from '../measurement.ts'
import type { RuleId } from '../rules.ts'
import { severityOf } from '../rules.ts'
import type { LintSubject } from '../subject.ts'
import { placeOf } from '../words.ts'

/** Conditions on keys that do not exist, and operators that are not for measurements. */
export function findWrongKeys({ policy }: LintSubject): readonly Finding[] {
  return policy.statements.flatMap((statement) =>
    statement.conditions
      .filter(({ foldedKey }) => isAboutAttestation(foldedKey))
      .flatMap((condition) => judgeKey(statement, condition)),
  )
}

function judgeKey(statement: Statement, condition: Condition): readonly Finding[] {
  const { foldedKey, key, operator, test, quantifier } = condition
  const at = (rule: RuleId, message: string, text: string): readonly Finding[] => [
    {
      rule,
      severity: severityOf(rule),
      statement,
      path: ['Condition', operator, key],
      message: `${placeOf(statement)}: ${message}`,
      calls: [],
      repair: { text, change: null, proved: false },
    },
  ]
  const register = registerOf(foldedKey)
  if (!register) {
    const what = `there is no condition key ${quote(key)}, so ${consequence(statement, condition)}.`
    return at(
      'unknown-attestation-key',
      what,
      `${hintFor(foldedKey).replace(/^./, (first) => first.toUpperCase())}${hintFor(foldedKey).endsWith('?') ? '' : '.'}`,
    )
  }
  if (test.kind === 'presence') return []
  if (!operator.includes('String')) {
    return at('wrong-operator', `${operator} does not compare measurements.`, STRING_OPERATOR)
  }
  const other = `${key} expects ${quote(condition.expected[0] ?? '')}, but nothing is measured into that register of an enclave: it is zero.`
  if (
    register.kind === 'enclave' &&
    OTHER_KIND.has(register.index) &&
    condition.expected.some((text) => judgeValue(text) === 'whole')
  ) {
    return at(
      'cross-kind-register',
      other,
      `For a NitroTPM instance ask for kms:RecipientAttestation:NitroTPMPCR${register.index}.`,
    )
  }
  if (quantifier === null) return []
  return at(
    'set-operator',
    `${operator} is for keys with several values; ${key} has one.`,
    'Use the operator without it.',
  )
}

const STRING_OPERATOR = 'Use StringEqualsIgnoreCase, in a Deny StringNotEqualsIgnoreCase.'

/** Registers of an enclave that nothing is measured into, and that mean something in a NitroTPM. */
const OTHER_KIND: ReadonlySet<number> = new Set([5, 6, 7, 9, 10, 11, 12, 13, 14, 15])

function consequence({ effect }: Statement, { test, ifExists, quantifier }: Condition): string {
  const holds =
    test.kind === 'presence' ? test.matches(false) : test.negated || ifExists || quantifier === 'all'
  if (effect === 'Allow') return holds ? 'the condition holds for everybody' : 'the statement never applies'
  return holds ? 'the statement denies everybody' : 'the statement never denies anybody'
}
