import { setImmediate } from 'node:timers/promises'
import { toAccountRootArn } from '../core/arn.ts'
import type { Principal } from '../identity/principal.ts'
import type { GrantRecord, Page } from '../store/key-store.ts'
import type { Call } from './call.ts'
import { GRANT_OPERATIONS } from './model.ts'
import type { Services } from './services.ts'
import type { FoundKey } from './subject.ts'

const GRANTABLE: ReadonlySet<string> = new Set(GRANT_OPERATIONS.map((operation) => `kms:${operation}`))

/** How many grants are looked at before others get their turn of the event loop. */
const BATCH = 500

/**
 * The grants of a key that name a caller, him, his role or his account, batch by batch; each batch has some. None where no
 * grant can allow the permission.
 */
export async function* findGrants(
  { store }: Pick<Services, 'store'>,
  { caller }: Call,
  { permission, key }: { readonly permission: string; readonly key: FoundKey },
): AsyncGenerator<readonly GrantRecord[], void> {
  if (!GRANTABLE.has(permission)) return
  const { region, keyId } = key.record
  for (const granteePrincipal of granteeTexts(caller.principal, caller.region)) {
    let after: string | null = null
    do {
      const page: Page<GrantRecord> = await store.listGrants(
        { region, keyId, granteePrincipal },
        { after, limit: BATCH },
      )
      if (page.items.length > 0) yield page.items
      after = page.truncated ? (page.items.at(-1)?.grantId ?? null) : null
      if (after !== null) await setImmediate()
    } while (after !== null)
  }
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
