import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '../config/errors.ts'
import { toHex, utf8 } from '../core/bytes.ts'
import type { Random } from '../core/random.ts'
import { openSecretFile, replaceSecretFile } from '../core/secret-file.ts'
import { Secret } from '../core/secret.ts'

const LAB_SEED_FILE = 'lab-seed'
const ADMIN_TOKEN_FILE = 'admin-token'

/** Where everything lies that outlives the process. */
export interface DataDirectory {
  readonly path: string
  readonly storeFile: string
  /** The token of the admin listener, as UTF-8; made at first start. */
  readonly adminToken: Secret
  /** The text that the lab PKI is derived from: the given one, or else that of last time, or else a new one. */
  labSeed(given: string | null): string
}

/**
 * Opens the data directory, which is made with mode 0700 if there is none. Throws `SecretFileError`, `ConfigError`
 * `CONFIG_ADMIN_TOKEN_INVALID` and `CONFIG_DATA_UNUSABLE`.
 */
export function openDataDirectory(path: string, random: Random): DataDirectory {
  makeDirectory(path)
  const secretText = (name: string, text: () => string): string =>
    Buffer.from(openSecretFile(join(path, name), () => utf8(text())).content)
      .toString()
      .replace(/\r?\n$/, '')
  const randomText = (): string => toHex(random.bytes(32))
  return {
    path,
    storeFile: join(path, 'store.sqlite'),
    adminToken: new Secret(
      utf8(checkedToken(join(path, ADMIN_TOKEN_FILE), secretText(ADMIN_TOKEN_FILE, randomText))),
    ),
    labSeed(given) {
      if (given === null) return secretText(LAB_SEED_FILE, randomText)
      // Written down, so that documents issued from this directory are under the root that the service trusts.
      replaceSecretFile(join(path, LAB_SEED_FILE), utf8(given))
      return given
    },
  }
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new ConfigError('CONFIG_DATA_UNUSABLE', `--data: ${path} is no directory and cannot be made`, {
      cause,
    })
  }
}

/** An emptied file would let in whoever brings no token, a short one whoever guesses it. */
function checkedToken(file: string, token: string): string {
  if (/^[\x21-\x7e]{32,}$/.test(token)) return token
  throw new ConfigError(
    'CONFIG_ADMIN_TOKEN_INVALID',
    `${file} does not hold a token of at least 32 visible characters; without the file a new one is made`,
  )
}
