import { orderedOperators } from './ordered.ts'

/** Numeric operators (IAM User Guide, Condition operators, Numeric): whole numbers and decimal fractions, compared exactly. */
export const NUMERIC_OPERATORS = orderedOperators({ prefix: 'Numeric', parse: parseDecimal, compare })

/** A number as `units` divided by ten to the power of `scale`. */
interface Decimal {
  readonly units: bigint
  readonly scale: number
}

/** No key of AWS has numbers of more digits; without a limit a long one would cost more than its length. */
const FORM = /^([+-]?\d{1,40})(?:\.(\d{1,40}))?$/

function parseDecimal(text: string): Decimal | undefined {
  const [, whole, fraction = ''] = FORM.exec(text) ?? []
  if (whole === undefined) return undefined
  // BigInt knows no plus sign in front of a number.
  return { units: BigInt(`${whole}${fraction}`.replace(/^\+/, '')), scale: fraction.length }
}

function compare(a: Decimal, b: Decimal): number {
  const [left, right] = [a.units * 10n ** BigInt(b.scale), b.units * 10n ** BigInt(a.scale)]
  return left < right ? -1 : left > right ? 1 : 0
}
