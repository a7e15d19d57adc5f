import type { IdentityPolicy, Principal, PrincipalTag } from './principal.ts'
import { toUniqueId } from './unique-id.ts'

/** What a user may have beside his name; by default nothing. */
export interface UserOptions {
  readonly permissionsBoundary?: IdentityPolicy | null
  readonly tags?: readonly PrincipalTag[]
}

/** Who a user is. */
export interface UserName {
  readonly accountId: string
  readonly name: string
  /** Begins and ends with a slash; by default it is one. */
  readonly path?: string
}

/** Makes the principal of a user. The ARN is of partition `aws`: `toPartition` turns it into that of the Region called. */
export function toUser(
  { accountId, name, path = '/' }: UserName,
  identityPolicies: readonly IdentityPolicy[],
  { permissionsBoundary = null, tags = [] }: UserOptions = {},
): Principal {
  const arn = `arn:aws:iam::${accountId}:user${path}${name}`
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
