import { BOOL_OPERATOR } from './bool.ts'
import { NULL_OPERATOR } from './null.ts'
import type { ConditionOperator } from './operator.ts'
import { STRING_OPERATORS } from './string.ts'

const SUPPORTED: ReadonlyMap<string, ConditionOperator> = new Map(
  [...STRING_OPERATORS, BOOL_OPERATOR, NULL_OPERATOR].map((operator) => [operator.name, operator]),
)

/** Operators that IAM has and this table has not (IAM User Guide, Condition operators). */
const UNSUPPORTED =
  /^(?:(?:Numeric|Date)(?:(?:Not)?Equals|(?:Less|Greater)Than(?:Equals)?)|Arn(?:Not)?(?:Equals|Like)|(?:Not)?IpAddress|BinaryEquals)$/

/** An operator with what stands in front of and behind its name. */
export interface OperatorForm {
  readonly operator: ConditionOperator
  /** How several values of one key in a request are taken together; `null` without `ForAllValues:` or `ForAnyValue:`. */
  readonly quantifier: 'all' | 'any' | null
  readonly ifExists: boolean
}

/** Looks an operator up by its text; answers why not where there is none. */
export function findOperator(text: string): OperatorForm | 'unknown' | 'unsupported' {
  const [, set, name = '', suffix] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(text) ?? []
  const operator = SUPPORTED.get(name)
  if (!operator) return UNSUPPORTED.test(name) ? 'unsupported' : 'unknown'
  // A key is there or not; neither its values nor its absence can be asked for besides.
  if (operator.kind === 'presence' && (set !== undefined || suffix !== undefined)) return 'unknown'
  const quantifier = set === undefined ? null : set === 'ForAllValues' ? 'all' : 'any'
  return { operator, quantifier, ifExists: suffix !== undefined }
}
