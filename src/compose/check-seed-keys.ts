import { ConfigError } from '../config/errors.ts'
import type { SeedKey } from '../identity/seed-key.ts'
import { ALIASES_PER_KEY } from '../operations/from-store-error.ts'
import type { Services } from '../operations/services.ts'

/**
 * Looks whether the keys and aliases of a seed file can be made beside what the store holds, before any of them is. Rejects
 * with `ConfigError` `CONFIG_SEED_KEY_TAKEN` where the id of a key belongs to another account already,
 * `CONFIG_SEED_ALIASES_TOO_MANY` where a key would have more aliases than a key can have.
 */
export async function checkSeedKeys(
  keys: readonly SeedKey[],
  { store }: Pick<Services, 'store'>,
): Promise<void> {
  for (const key of keys) {
    const { accountId, region, keyId } = key
    const found = await store.findKey(key)
    if (found && found.accountId !== accountId) {
      throw new ConfigError(
        'CONFIG_SEED_KEY_TAKEN',
        `--seed-file: the key ${keyId} in ${region} belongs to another account already`,
      )
    }
    const scope = { accountId, region }
    const held = await store.listAliases({ ...scope, targetKeyId: keyId }, { after: null, limit: 1000 })
    const taken = await Promise.all(key.aliases.map((aliasName) => store.findAlias(scope, aliasName)))
    const made = taken.filter((alias) => alias === undefined).length
    if (held.items.length + made > ALIASES_PER_KEY) {
      throw new ConfigError(
        'CONFIG_SEED_ALIASES_TOO_MANY',
        `--seed-file: the key ${keyId} in ${region} would have more than ${ALIASES_PER_KEY} aliases`,
      )
    }
  }
}
