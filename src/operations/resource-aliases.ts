import type { AccountScope, KeyRecord } from '../store/key-store.ts'
import type { Call } from './call.ts'
import { identityPoliciesOf } from './decide.ts'
import type { Services } from './services.ts'
import type { Subject } from './subject.ts'

/** The names of all aliases of keys, by key id; empty where no policy asks for them. */
export type ResourceAliases = ReadonlyMap<string, readonly string[]>

/** More than a key can have. */
const PAGE_LIMIT = 1000

/** Looks up the aliases of the keys of a request, if a policy of the caller asks for them (`kms:ResourceAliases`). */
export async function findResourceAliases(
  { store, policies }: Pick<Services, 'store' | 'policies'>,
  { caller }: Call,
  { resources }: Subject,
): Promise<ResourceAliases> {
  const asked = identityPoliciesOf(caller.principal).some(({ document }) => policies.asksForAliases(document))
  const aliases = new Map<string, readonly string[]>()
  if (!asked) return aliases
  for (const { key } of resources) {
    if (key) aliases.set(key.record.keyId, await aliasNames(store, key.record))
  }
  return aliases
}

async function aliasNames(
  store: Services['store'],
  { accountId, region, keyId }: AccountScope & Pick<KeyRecord, 'keyId'>,
): Promise<readonly string[]> {
  const scope = { accountId, region, targetKeyId: keyId }
  const { items } = await store.listAliases(scope, { after: null, limit: PAGE_LIMIT })
  return items.map(({ aliasName }) => aliasName)
}
