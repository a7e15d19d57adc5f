import { ARN_OPERATORS } from './arn.ts'
import { BINARY_OPERATOR } from './binary.ts'
import { BOOL_OPERATOR } from './bool.ts'
import { DATE_OPERATORS } from './date.ts'
import { IP_ADDRESS_OPERATORS } from './ip-address.ts'
import { NULL_OPERATOR } from './null.ts'
import { NUMERIC_OPERATORS } from './numeric.ts'
import type { ConditionOperator } from './operator.ts'
import { STRING_OPERATORS } from './string.ts'

/** All operators that IAM has (IAM User Guide, IAM JSON policy elements: Condition operators). */
const OPERATORS: ReadonlyMap<string, ConditionOperator> = new Map(
  [
    ...STRING_OPERATORS,
    ...NUMERIC_OPERATORS,
    ...DATE_OPERATORS,
    ...IP_ADDRESS_OPERATORS,
    ...ARN_OPERATORS,
    BINARY_OPERATOR,
    BOOL_OPERATOR,
    NULL_OPERATOR,
  ].map((operator) => [operator.name, operator]),
)

/** An operator with what stands in front of and behind its name. */
export interface OperatorForm {
  readonly operator: ConditionOperator
  /** How several values of one key in a request are taken together; `null` without `ForAllValues:` or `ForAnyValue:`. */
  readonly quantifier: 'all' | 'any' | null
  readonly ifExists: boolean
}

/** Looks an operator up by its text; `undefined` where there is none. */
export function findOperator(text: string): OperatorForm | undefined {
  const [, set, name = '', suffix] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(text) ?? []
  const operator = OPERATORS.get(name)
  // A key is there or not; neither its values nor its absence can be asked for besides.
  if (operator?.kind === 'presence' && (set !== undefined || suffix !== undefined)) return undefined
  const quantifier = set === undefined ? null : set === 'ForAllValues' ? 'all' : 'any'
  return operator && { operator, quantifier, ifExists: suffix !== undefined }
}
