import { readFileSync } from 'node:fs'
import type { Config } from '../config/config.ts'
import { ConfigError } from '../config/errors.ts'
import type { Clock } from '../core/clock.ts'
import type { Random } from '../core/random.ts'
import { openBootstrapAdministrator } from '../identity/bootstrap-administrator.ts'
import { createDirectory } from '../identity/directory.ts'
import { LAB_ACCESS_KEY, LAB_ACCOUNT_ID } from '../identity/lab-identity.ts'
import { createLiveDirectory } from '../identity/live-directory.ts'
import type { AccessKey, IdentityDirectory } from '../identity/principal.ts'
import { succeedRoles } from '../identity/role.ts'
import type { Seed } from '../identity/seed-file.ts'
import { unsuppliedConditionKey } from '../operations/unsupplied-condition-key.ts'
import { parsePolicy } from '../policy/document.ts'
import type { PolicyKind } from '../policy/statement.ts'
import { kindOfSpec } from './seed-keys.ts'

/** Who is known, which keys the seed file asks for, and what an operator should be told. */
export interface Identities {
  /** Answers from the seed file as it was taken last. */
  readonly directory: IdentityDirectory
  /** The keys of that file. */
  seedKeys(): Seed['keys']
  /** Where the access key of an administrator was just written; `null` if none was made. */
  readonly administratorFile: string | null
  /** Reads the seed file again, without taking it; rejects as `openIdentities`. `null` where there is none. */
  readonly readAgain: (() => Promise<SeedSuccessor>) | null
}

/** A seed file that was read again, and can take the place of the one before. */
interface SeedSuccessor {
  readonly keys: Seed['keys']
  /** Makes the directory answer from it: all of it, from one call to the next. */
  take(): void
}

/** What identities are opened with, beside the configuration. */
interface Surroundings {
  readonly random: Random
  /** The real time. */
  readonly clock: Clock
}

/**
 * Reads the identities: in lab mode the lab user, and what the seed file declares; in production mode the seed file,
 * or an administrator where there is none. Throws `IdentityError`, `SecretFileError`, and
 * `ConfigError` `CONFIG_SEED_FILE_UNREADABLE`.
 */
export async function openIdentities(
  config: Pick<Config, 'lab' | 'seedFile' | 'dataDirectory'>,
  { random, clock }: Surroundings,
): Promise<Identities> {
  const { seedFile } = config
  let seed = seedFile === null ? EMPTY_SEED : await readSeedFile(seedFile)
  const administrator =
    config.lab || seedFile !== null ? null : openBootstrapAdministrator(config.dataDirectory, random)
  const lab = config.lab !== null
  const builtIn = lab ? LAB_ACCESS_KEY : administrator?.accessKey
  const directory = createLiveDirectory(toDirectory(seed, lab, builtIn))
  const readAgain = (path: string) => async (): Promise<SeedSuccessor> => {
    const next = await readSeedFile(path)
    return {
      keys: next.keys,
      take() {
        seed = { ...next, roles: succeedRoles(seed.roles, next.roles, clock.now()) }
        directory.replaceWith(toDirectory(seed, lab, builtIn))
      },
    }
  }
  return {
    directory,
    seedKeys: () => seed.keys,
    administratorFile: administrator?.made ? administrator.path : null,
    readAgain: seedFile === null ? null : readAgain(seedFile),
  }
}

const EMPTY_SEED: Seed = { accessKeys: [], accounts: [], roles: [], keys: [] }

/** The directory of a seed file and of who is there without one. */
function toDirectory(seed: Seed, lab: boolean, builtIn: AccessKey | undefined): IdentityDirectory {
  const labAccount = { accountId: LAB_ACCOUNT_ID, userNames: ['lab'], roleNames: [] }
  const declared = seed.accounts.map((account) =>
    lab && account.accountId === LAB_ACCOUNT_ID
      ? { ...account, userNames: [...account.userNames, ...labAccount.userNames] }
      : account,
  )
  const isDeclared = declared.some(({ accountId }) => accountId === LAB_ACCOUNT_ID)
  return createDirectory(
    // Of two with one id the later one counts, so that a seed file cannot take the place of the built-in user.
    [...seed.accessKeys, ...(builtIn ? [builtIn] : [])],
    lab && !isDeclared ? [...declared, labAccount] : declared,
    seed.roles,
  )
}

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
