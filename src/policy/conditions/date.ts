import { parseRfc3339 } from '../../core/rfc3339.ts'
import { orderedOperators } from './ordered.ts'

/**
 * Date operators (IAM User Guide, Condition operators, Date): a time of ISO 8601 as the W3C profiles it, or seconds since
 * 1970, on either side; they compare as instants.
 */
export const DATE_OPERATORS = orderedOperators({
  prefix: 'Date',
  parse: parseInstant,
  compare: (a, b) => a - b,
})

const EPOCH_SECONDS = /^-?\d{1,15}(?:\.\d{1,9})?$/
const ISO = /^(\d{4}-\d\d)(-\d\d)?(?:(T\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/

/** Milliseconds since 1970; `undefined` where the text is no time. What is left out is the beginning, and UTC. */
function parseInstant(text: string): number | undefined {
  if (EPOCH_SECONDS.test(text)) return Number(text) * 1000
  const [, month, day, minute, second = ':00', zone = 'Z'] = ISO.exec(text) ?? []
  if (month === undefined || (minute !== undefined && day === undefined)) return undefined
  try {
    return parseRfc3339(`${month}${day ?? '-01'}${minute ?? 'T00:00'}${second}${zone}`).getTime()
  } catch {
    return undefined
  }
}
