import type { Caller } from './caller.ts'
import type { Principals } from './principal.ts'

/**
 * How a statement or a grant takes in a caller: `named`, in person; `role`, a session by its role, which permissions
 * boundary and session policies still limit; `account`, as one of an account, which lets identity policies count and no
 * more.
 */
export type Reach = 'named' | 'role' | 'account'

/** Principals by their ARNs and accounts, as `Principals` has them. */
type Named = Pick<Principals, 'anyone' | 'arns' | 'accounts'>

/**
 * How a list of principals takes in a caller; `null` where it does not. A session is taken in by its own ARN, by its
 * role's, and by its account; the root user is the account in person (AWS KMS Developer Guide, Key policies; IAM User
 * Guide, Principal). A bare account number is of the key's own partition: the same number elsewhere is another account.
 * `*` takes in whoever it is in person (IAM User Guide, Policy evaluation logic, Evaluating resource-based policies).
 */
export function reachOf(principals: Named, caller: Caller, keyPartition: string): Reach | null {
  if (principals.anyone || principals.arns.has(caller.arn)) return 'named'
  if (caller.roleArn !== null && principals.arns.has(caller.roleArn)) return 'role'
  if (!namesAccount(principals, caller, keyPartition)) return null
  return caller.isRoot ? 'named' : 'account'
}

/**
 * Whether `NotPrincipal` exempts a caller. It takes the user or the role, and the account besides: of callers that a list
 * names in part only, AWS leaves open what becomes of them, so they are not exempt. Who has a permissions boundary never
 * is (IAM User Guide, NotPrincipal, and Permissions boundaries for IAM entities).
 */
export function isExempt(
  principals: Named,
  caller: Caller,
  { keyPartition, bounded }: { readonly keyPartition: string; readonly bounded: boolean },
): boolean {
  if (bounded) return false
  if (principals.anyone) return true
  if (!namesAccount(principals, caller, keyPartition)) return false
  return caller.isRoot || principals.arns.has(caller.roleArn ?? caller.arn)
}

function namesAccount(principals: Named, caller: Caller, keyPartition: string): boolean {
  const byRootArn = principals.accounts.has(`${caller.partition}:${caller.accountId}`)
  const byNumber = caller.partition === keyPartition && principals.accounts.has(`:${caller.accountId}`)
  return byRootArn || byNumber
}
