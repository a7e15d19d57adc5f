import type { IdentityPolicy, Principal, PrincipalTag } from './principal.ts'
import { toUniqueId } from './unique-id.ts'

/** What a user may have beside his name; by default nothing. */
export interface UserOptions {
  readonly permissionsBoundary?: IdentityPolicy | null
  readonly tags?: readonly PrincipalTag[]
}

/** Makes the principal of a user. The ARN is of partition `aws`: `toPartition` turns it into that of the Region called. */
export function toUser(
  { accountId, name }: { readonly accountId: string; readonly name: string },
  identityPolicies: readonly IdentityPolicy[],
  { permissionsBoundary = null, tags = [] }: UserOptions = {},
): Principal {
  const arn = `arn:aws:iam::${accountId}:user/${name}`
  return {
    arn,
    accountId,
    kind: 'user',
    userId: toUniqueId('AIDA', arn),
    userName: name,
    identityPolicies,
    permissionsBoundary,
    tags,
    session: null,
  }
}
