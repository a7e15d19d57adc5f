import type { ExpandedText } from '../template.ts'
import type { ValueOperator, ValueTest } from './operator.ts'

/** What values of an ordered kind are read and compared with. */
export interface OrderedKind<Value> {
  /** What the names of its operators begin with. */
  readonly prefix: 'Numeric' | 'Date'
  /** `undefined` where a text is no such value. */
  readonly parse: (text: string) => Value | undefined
  /** Negative, zero or positive as the first is less than, equal to or greater than the second. */
  readonly compare: (a: Value, b: Value) => number
}

/** The six operators of an ordered kind: the value of the request stands on their left. */
export function orderedOperators<Value>(kind: OrderedKind<Value>): readonly ValueOperator[] {
  return COMPARISONS.map(({ suffix, negated, holds }) => ({
    kind: 'value',
    name: `${kind.prefix}${suffix}`,
    negated,
    variables: false,
    compile: (expected) => compile(kind, expected, holds),
  }))
}

type Holds = (order: number) => boolean

const COMPARISONS: readonly { readonly suffix: string; readonly negated: boolean; readonly holds: Holds }[] =
  [
    { suffix: 'Equals', negated: false, holds: (order) => order === 0 },
    { suffix: 'NotEquals', negated: true, holds: (order) => order === 0 },
    { suffix: 'LessThan', negated: false, holds: (order) => order < 0 },
    { suffix: 'LessThanEquals', negated: false, holds: (order) => order <= 0 },
    { suffix: 'GreaterThan', negated: false, holds: (order) => order > 0 },
    { suffix: 'GreaterThanEquals', negated: false, holds: (order) => order >= 0 },
  ]

function compile<Value>(
  { parse, compare }: OrderedKind<Value>,
  expected: readonly ExpandedText[],
  holds: Holds,
): ValueTest | undefined {
  const values = expected.flatMap(({ text }) => parse(text) ?? [])
  if (values.length !== expected.length) return undefined
  return (text) => {
    const actual = parse(text)
    return actual === undefined ? undefined : values.some((value) => holds(compare(actual, value)))
  }
}
