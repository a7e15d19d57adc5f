import type { Condition } from '../../policy/condition.ts'
import { quote } from '../../policy/quote.ts'
import type { Statement } from '../../policy/statement.ts'
import type { Register } from '../attestation-key.ts'
import { registerOf } from '../attestation-key.ts'
import { chooseRepair } from '../change.ts'
import type { Finding } from '../finding.ts'
import { describeWrongValue, judgeValue, MEASUREMENT_DIGITS } from '../measurement.ts'
import { renameOperator } from '../rename-operator.ts'
import type { RuleId } from '../rules.ts'
import { severityOf } from '../rules.ts'
import type { LintSubject } from '../subject.ts'
import { withoutZeros } from '../without-zeros.ts'
import { listWords, placeOf } from '../words.ts'

/** Values that no measurement has, or that measurements have which tell nothing. */
export function findWrongValues(subject: LintSubject): readonly Finding[] {
  return subject.policy.statements.flatMap((statement) =>
    statement.conditions.flatMap((condition) => {
      const register = registerOf(condition.foldedKey)
      if (!register || condition.test.kind === 'presence' || !condition.operator.includes('String')) return []
      return judgeCondition(subject, statement, { condition, register })
    }),
  )
}

interface Place {
  readonly condition: Condition
  readonly register: Register
}

function judgeCondition(subject: LintSubject, statement: Statement, place: Place): readonly Finding[] {
  const { operator, key } = place.condition
  const isPattern = operator.includes('Like')
  const values = place.condition.expected.filter((text) => !text.includes('${'))
  const patterns = values.filter((text) => isPattern && /[*?]/.test(text))
  const whole = values.filter((text) => !patterns.includes(text))
  const at = (rule: RuleId, message: string, repair: Finding['repair']): Finding => ({
    rule,
    severity: severityOf(rule),
    statement,
    path: ['Condition', operator, key],
    message: `${placeOf(statement)}: ${message}`,
    calls: [],
    repair,
  })
  const of = (judgement: string): readonly string[] => whole.filter((text) => judgeValue(text) === judgement)
  const wrong = (rule: RuleId, texts: readonly string[]): readonly Finding[] => {
    const told = texts.map((text) => `${quote(text)}: ${describeWrongValue(text)}`)
    const message = `a measurement has ${MEASUREMENT_DIGITS} hexadecimal digits, and ${key} lists ${listWords(told)}.`
    return texts.length === 0 ? [] : [at(rule, message, { text: FULL_VALUE, change: null, proved: false })]
  }
  return [
    ...wrong('measurement-length', of('length')),
    ...wrong('measurement-not-hex', of('not-hex')),
    ...upperCase(subject, statement, place).map(({ message, repair }) =>
      at('upper-case-measurement', message, repair),
    ),
    ...zeros(subject, statement, place).map(({ message, repair }) =>
      at('debug-measurements', message, repair),
    ),
    ...(patterns.length === 0
      ? []
      : [
          at('wildcard-measurement', `${key} is compared with ${listWords(patterns.map(quote))}.`, {
            text: NO_PATTERN,
            change: null,
            proved: false,
          }),
        ]),
  ]
}

const FULL_VALUE =
  'Write the 96 hexadecimal digits that nitro-cli, nitro-tpm-pcr-compute or the build of the image prints.'
const NO_PATTERN = 'List whole measurements under StringEqualsIgnoreCase.'

type Trouble = Pick<Finding, 'message' | 'repair'>

function upperCase(subject: LintSubject, statement: Statement, { condition }: Place): readonly Trouble[] {
  const { operator, key, expected, test } = condition
  if (operator.includes('IgnoreCase')) return []
  const upper = expected.filter(
    (text) => !text.includes('${') && /^[\da-fA-F*?]*$/.test(text) && /[A-F]/.test(text),
  )
  if (upper.length === 0) return []
  const negated = test.kind === 'value' && test.negated
  const never = `${operator} compares with case, and measurements come in lower case: ${listWords(upper.map(quote))} of ${key} never matches`
  const consequence =
    negated === (statement.effect === 'Deny')
      ? 'so the right document is refused too'
      : 'so nothing is kept out by it'
  const ideas = operator.includes('Like')
    ? []
    : renameOperator(subject, statement, condition, toIgnoringCase(operator))
  const repair =
    ideas.length > 0
      ? chooseRepair(subject, ideas, [])
      : { text: 'Write the digits in lower case.', change: null, proved: false }
  return [{ message: `${never}, ${consequence}.`, repair }]
}

function toIgnoringCase(operator: string): string {
  return operator
    .replace('StringEquals', 'StringEqualsIgnoreCase')
    .replace('StringNotEquals', 'StringNotEqualsIgnoreCase')
}

/** Registers of an enclave that debug mode zeroes, where the policy takes zeros for an answer. */
function zeros(
  subject: LintSubject,
  statement: Statement,
  { condition, register }: Place,
): readonly Trouble[] {
  const { key, expected, test } = condition
  const trusts = test.kind === 'value' && test.negated === (statement.effect === 'Deny')
  if (!trusts || register.kind !== 'enclave' || register.index > 2) return []
  if (!expected.some((text) => judgeValue(text) === 'zero')) return []
  return [
    {
      message: `${key} takes zeros, which every enclave in debug mode attests with, whatever its image is.`,
      repair: chooseRepair(subject, withoutZeros(subject, statement), []),
    },
  ]
}
