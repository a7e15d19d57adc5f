import { ALLOW_EVERYTHING } from './allow-everything.ts'
import type { Principal } from './principal.ts'

/**
 * Makes the principal of an account's root user. He may do everything in his account that the policies of its resources
 * leave to the account (IAM User Guide, AWS account root user), which is what the identity policy says.
 */
export function toRootUser(accountId: string): Principal {
  return {
    arn: `arn:aws:iam::${accountId}:root`,
    accountId,
    kind: 'root',
    userId: accountId,
    userName: null,
    identityPolicies: [ALLOW_EVERYTHING],
    permissionsBoundary: null,
    tags: [],
    session: null,
  }
}
