import type { IdentityPolicy, Principal } from './principal.ts'
import { toUniqueId } from './unique-id.ts'

/** Makes the principal of a user. The ARN is of partition `aws`: `toPartition` turns it into that of the Region called. */
export function toUser(
  accountId: string,
  name: string,
  identityPolicies: readonly IdentityPolicy[],
): Principal {
  const arn = `arn:aws:iam::${accountId}:user/${name}`
  return { arn, accountId, kind: 'user', userId: toUniqueId('AIDA', arn), identityPolicies }
}
