import { parseArn } from '../core/arn.ts'
import type { Principals } from './principal.ts'

/** Who asks, as a policy question names him. */
export interface QuestionPrincipal {
  /** ARN of the user, of the session of a role, or of the root user. */
  readonly arn: string
  /** Twelve digits. */
  readonly account: string
  readonly kind: 'user' | 'role-session' | 'root'
  /** The role of a session, where its path matters; session ARNs do not hold the path. */
  readonly roleArn?: string
}

/** Who asks, taken apart. */
export interface Caller {
  readonly arn: string
  /** `null` but for sessions. */
  readonly roleArn: string | null
  readonly partition: string
  readonly accountId: string
  readonly isRoot: boolean
}

/** Takes a principal apart; `undefined` where ARN, account and kind do not agree, so that nothing can be decided. */
export function readCaller(principal: QuestionPrincipal): Caller | undefined {
  const arn = parseArn(principal.arn)
  if (!arn || arn.accountId !== principal.account || !/^\d{12}$/.test(principal.account)) return undefined
  const { type, name } = splitName(arn.resource)
  const kind = KINDS.get(`${arn.service}:${type}`)
  if (kind !== principal.kind) return undefined
  const { partition, accountId } = arn
  const roleArn = kind === 'role-session' ? `arn:${partition}:iam::${accountId}:role/${name}` : null
  return {
    arn: principal.arn,
    roleArn: principal.roleArn ?? roleArn,
    partition,
    accountId,
    isRoot: kind === 'root',
  }
}

/** `user/alice` and the like: what stands before the first slash, and before the second. */
function splitName(resource: string): { readonly type: string; readonly name: string } {
  const type = resource.replace(/\/.*$/s, '')
  return { type, name: resource.slice(type.length + 1).replace(/\/.*$/s, '') }
}

const KINDS: ReadonlyMap<string, QuestionPrincipal['kind']> = new Map([
  ['iam:user', 'user'],
  ['iam:root', 'root'],
  ['sts:assumed-role', 'role-session'],
])

/**
 * How a statement's principals take in a caller: `named`, in person; `account`, as one of an account, which lets
 * identity policies count and no more; `null`, not at all. A session is taken in by its own ARN, by its role's, and by
 * its account; the root user is the account in person (AWS KMS Developer Guide, Key policies; IAM User Guide,
 * Principal). A bare account number is of the key's own partition: the same number elsewhere is another account.
 */
export function matchPrincipals(
  principals: Principals,
  caller: Caller,
  keyPartition: string,
): 'named' | 'account' | null {
  if (principals.anyone || principals.arns.has(caller.arn)) return 'named'
  if (caller.roleArn !== null && principals.arns.has(caller.roleArn)) return 'named'
  const byRootArn = principals.accounts.has(`${caller.partition}:${caller.accountId}`)
  const byNumber = caller.partition === keyPartition && principals.accounts.has(`:${caller.accountId}`)
  if (!byRootArn && !byNumber) return null
  return caller.isRoot ? 'named' : 'account'
}
