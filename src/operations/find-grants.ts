import { toAccountRootArn } from '../core/arn.ts'
import type { Principal } from '../identity/principal.ts'
import type { GrantRecord } from '../store/key-store.ts'
import type { Call } from './call.ts'
import { GRANT_OPERATIONS } from './model.ts'
import type { Services } from './services.ts'
import type { FoundKey } from './subject.ts'

const GRANTABLE: ReadonlySet<string> = new Set(GRANT_OPERATIONS.map((operation) => `kms:${operation}`))

/** The grants of a key that name a caller: him, his role or his account. None where no grant can allow the permission. */
export async function findGrants(
  { store }: Pick<Services, 'store'>,
  { caller }: Call,
  { permission, key }: { readonly permission: string; readonly key: FoundKey },
): Promise<readonly GrantRecord[]> {
  if (!GRANTABLE.has(permission)) return []
  return store.listGrantsTo(key.record, granteeTexts(caller.principal, caller.region))
}

/** The ways in which a grant can name a principal. */
function granteeTexts({ arn, accountId, session }: Principal, region: string): readonly string[] {
  return [
    ...new Set([
      arn,
      ...(session ? [session.roleArn] : []),
      toAccountRootArn({ region, accountId }),
      accountId,
    ]),
  ]
}
