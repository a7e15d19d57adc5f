import type { SeedKey } from '../identity/seed-key.ts'
import type { KeyKind } from '../keys/key-spec.ts'
import { findKeyKind, KEY_USAGES } from '../keys/key-spec.ts'
import { defaultKeyPolicy } from '../operations/default-key-policy.ts'
import { ALIASES_PER_KEY } from '../operations/from-store-error.ts'
import type { Services } from '../operations/services.ts'
import type { KeyRecord } from '../store/key-store.ts'
import { checkSeedKeys } from './check-seed-keys.ts'

/** The kind of key that a seed file means by a spec alone; `undefined` where none such is made here. */
export function kindOfSpec(spec: string): KeyKind | undefined {
  return KEY_USAGES.map((usage) => findKeyKind(spec, usage)).find((kind) => kind !== undefined)
}

/**
 * Makes the keys and aliases of a seed file that are not there yet, and changes none that are; none where not all can be
 * made. Rejects as `checkSeedKeys`, the store and the key ring do.
 */
export async function makeSeedKeys(
  keys: readonly SeedKey[],
  services: Pick<Services, 'store' | 'keyRing' | 'clock'>,
): Promise<void> {
  await checkSeedKeys(keys, services)
  for (const key of keys) {
    if (!(await services.store.findKey(key))) await makeKey(key, services)
    for (const aliasName of key.aliases) await makeAlias(key, aliasName, services)
  }
}

async function makeKey(
  seed: SeedKey,
  { store, keyRing, clock }: Pick<Services, 'store' | 'keyRing' | 'clock'>,
): Promise<void> {
  const kind = kindOfSpec(seed.spec)
  if (!kind) throw new TypeError('the seed file was read without checking its specs')
  const { accountId, region, keyId } = seed
  const key: KeyRecord = {
    accountId,
    region,
    keyId,
    description: '',
    keySpec: kind.keySpec,
    keyUsage: kind.keyUsage,
    origin: 'AWS_KMS',
    keyState: 'Enabled',
    creationDate: clock.now(),
    deletionDate: null,
    policy: seed.policy ?? defaultKeyPolicy({ accountId, region }),
    currentMaterialId: '',
    tags: [],
  }
  const material = keyRing.createMaterial(key, seed.material ?? undefined)
  await store.createKey({ ...key, currentMaterialId: material.materialId }, material)
}

async function makeAlias(
  { accountId, region, keyId }: SeedKey,
  aliasName: string,
  { store, clock }: Pick<Services, 'store' | 'clock'>,
): Promise<void> {
  if (await store.findAlias({ accountId, region }, aliasName)) return
  const now = clock.now()
  await store.createAlias(
    { accountId, region, aliasName, targetKeyId: keyId, creationDate: now, lastUpdatedDate: now },
    ALIASES_PER_KEY,
  )
}
