import { quote } from './quote.ts'
import type { Finding } from './verdict.ts'

/** What a statement does that names the account. */
export const LEAVES = 'lets the identity policies of the account decide'

/** Which statement of which policy, in words. */
export function place({ policy, statement }: Finding): string {
  const sid = statement.sid === null ? '' : ` (Sid ${quote(statement.sid)})`
  return `${policy}, Statement[${statement.index}]${sid}`
}
