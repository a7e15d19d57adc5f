import { readFileSync } from 'node:fs'
import type { Config } from '../config/config.ts'
import { ConfigError } from '../config/errors.ts'
import type { Random } from '../core/random.ts'
import { openBootstrapAdministrator } from '../identity/bootstrap-administrator.ts'
import { createDirectory } from '../identity/directory.ts'
import { LAB_ACCESS_KEY, LAB_ACCOUNT_ID } from '../identity/lab-identity.ts'
import type { IdentityDirectory } from '../identity/principal.ts'
import type { Seed } from '../identity/seed-file.ts'
import { unsuppliedConditionKey } from '../operations/unsupplied-condition-key.ts'
import { parsePolicy } from '../policy/document.ts'
import type { PolicyKind } from '../policy/statement.ts'
import { kindOfSpec } from './seed-keys.ts'

/** Who is known, which keys the seed file asks for, and what an operator should be told. */
export interface Identities {
  readonly directory: IdentityDirectory
  readonly seedKeys: Seed['keys']
  /** Where the access key of an administrator was just written; `null` if none was made. */
  readonly administratorFile: string | null
}

/**
 * Reads the identities: in lab mode the lab user, and what the seed file declares; in production mode the seed file,
 * or an administrator where there is none. Throws `IdentityError`, `SecretFileError`, and
 * `ConfigError` `CONFIG_SEED_FILE_UNREADABLE`.
 */
export async function openIdentities(
  config: Pick<Config, 'lab' | 'seedFile' | 'dataDirectory'>,
  random: Random,
): Promise<Identities> {
  const seed = config.seedFile === null ? EMPTY_SEED : await readSeedFile(config.seedFile)
  const administrator =
    config.lab || config.seedFile !== null ? null : openBootstrapAdministrator(config.dataDirectory, random)
  const builtIn = config.lab ? LAB_ACCESS_KEY : administrator?.accessKey
  const labAccount = { accountId: LAB_ACCOUNT_ID, userNames: ['lab'], roleNames: [] }
  const declared = seed.accounts.map((account) =>
    config.lab && account.accountId === LAB_ACCOUNT_ID
      ? { ...account, userNames: [...account.userNames, ...labAccount.userNames] }
      : account,
  )
  const isDeclared = declared.some(({ accountId }) => accountId === LAB_ACCOUNT_ID)
  return {
    directory: createDirectory(
      // Of two with one id the later one counts, so that a seed file cannot take the place of the built-in user.
      [...seed.accessKeys, ...(builtIn ? [builtIn] : [])],
      config.lab && !isDeclared ? [...declared, labAccount] : declared,
    ),
    seedKeys: seed.keys,
    administratorFile: administrator?.made ? administrator.path : null,
  }
}

const EMPTY_SEED: Seed = { accessKeys: [], accounts: [], keys: [] }

async function readSeedFile(path: string): Promise<Seed> {
  // Loaded when needed: the YAML library is not small.
  const { parseSeedFile } = await import('../identity/seed-file.ts')
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (cause) {
    throw new ConfigError('CONFIG_SEED_FILE_UNREADABLE', `--seed-file: ${path} cannot be read`, { cause })
  }
  return parseSeedFile(text, {
    checkPolicy,
    isKeySpec: (spec) => kindOfSpec(spec) !== undefined,
  })
}

/** Holds a policy of the seed file to the same rules as one that is put. Throws `PolicyError`, or an `Error`. */
function checkPolicy(document: string, kind: PolicyKind): void {
  const unsupplied = unsuppliedConditionKey(parsePolicy(document, kind))
  if (unsupplied !== undefined) throw new Error(unsupplied)
}
