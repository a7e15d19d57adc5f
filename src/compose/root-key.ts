import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { RootKeySource } from '../config/config.ts'
import { ConfigError } from '../config/errors.ts'
import type { Random } from '../core/random.ts'
import type { RootKey } from '../keys/root-key.ts'
import { openRootKeyFile, parseRootKeyBase64 } from '../keys/root-key.ts'

/** Where a root key can come from, beside what was configured. */
export interface RootKeySurroundings {
  readonly dataDirectory: string
  readonly storeFile: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly random: Random
}

/**
 * Opens the configured root key; without a choice, the file `root-key` of the data directory, made at first start.
 * Throws `KeysError` as `openRootKeyFile` and `parseRootKeyBase64` do, and `ConfigError`: `CONFIG_ROOT_KEY_INVALID` for
 * a variable that is not set, `CONFIG_ROOT_KEY_MISSING` for a store without its file.
 */
export function openRootKey(source: RootKeySource, surroundings: RootKeySurroundings): RootKey {
  const { dataDirectory, storeFile, env, random } = surroundings
  if (source.kind === 'file') {
    const file = source.path ?? join(dataDirectory, 'root-key')
    // A new key would open nothing of what is there, and would lie where the lost one belongs.
    if (existsSync(storeFile) && !existsSync(file)) {
      throw new ConfigError(
        'CONFIG_ROOT_KEY_MISSING',
        `there is a store, but its root key file ${file} is missing`,
      )
    }
    return openRootKeyFile(file, random)
  }
  const text = env[source.name]
  if (!text) throw new ConfigError('CONFIG_ROOT_KEY_INVALID', '--root-key: the variable is not set')
  return parseRootKeyBase64(text, random)
}
