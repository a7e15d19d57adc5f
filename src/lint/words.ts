import { quote } from '../policy/quote.ts'
import type { Statement } from '../policy/statement.ts'
import type { Candidate } from './callers.ts'
import { standingArn } from './callers.ts'
import type { KmsAction } from './kms-actions.ts'

/** Which statement, in words. */
export function placeOf({ index, sid }: Pick<Statement, 'index' | 'sid'>): string {
  return `Statement[${index}]${sid === null ? '' : ` (Sid ${quote(sid)})`}`
}

/** A name of a policy as it is where it is plain and short, else quoted and cut. */
export function tell(name: string): string {
  return /^[\w:/.*?=@+,-]{1,160}$/.test(name) ? name : quote(name)
}

/** Operations in words; behind the fourth only their number. */
export function listActions(actions: readonly KmsAction[]): string {
  return listWords(actions.map(({ action }) => action))
}

/** Texts with commas and an `and`; behind the fifth only their number. */
export function listWords(words: readonly string[]): string {
  const shown = words.length > 5 ? [...words.slice(0, 5), `${words.length - 5} more`] : words
  const last = shown.at(-1) ?? ''
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`
}

/** Who calls, in words. */
export function whoCalls({ principal, hasIdentityPolicy }: Candidate): string {
  const { kind, account } = principal
  if (kind === 'root') return `the root user of account ${account}`
  const name = standingArn(principal)
  if (name.endsWith(':user/stranger')) return 'anybody in any AWS account'
  if (name.endsWith(':user/anybody')) {
    return hasIdentityPolicy
      ? `whoever has an identity policy in account ${account} that allows it`
      : `anybody in account ${account}`
  }
  if (name.endsWith(':user/holder')) return 'whoever this policy is attached to'
  return tell(name)
}
