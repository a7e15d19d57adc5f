import { join } from 'node:path'
import { encodeBase64 } from '../core/base64.ts'
import { utf8 } from '../core/bytes.ts'
import type { JsonValue } from '../core/json.ts'
import { isJsonObject, parseJson } from '../core/json.ts'
import type { Random } from '../core/random.ts'
import { openSecretFile } from '../core/secret-file.ts'
import { ALLOW_EVERYTHING } from './allow-everything.ts'
import { IdentityError } from './errors.ts'
import type { AccessKey } from './principal.ts'
import { toBase32Characters } from './unique-id.ts'
import { toUser } from './user.ts'

/** The file of the access key, in the data directory. */
export const ADMINISTRATOR_FILE = 'bootstrap-administrator.json'

/** The account that a service without a seed file works for. */
const BOOTSTRAP_ACCOUNT_ID = '000000000000'

/** The bootstrap administrator, and where his access key is kept. */
export interface BootstrapAdministrator {
  readonly accessKey: AccessKey
  readonly path: string
  /** Whether the access key was made just now. */
  readonly made: boolean
}

/**
 * Reads the access key of the bootstrap administrator from the data directory, or makes it: a file of mode 0600 with
 * one JSON object. The secret goes nowhere else. Throws `IdentityError` `ADMINISTRATOR_FILE_INVALID`, and
 * `SecretFileError`, among others for a file that is open to others.
 */
export function openBootstrapAdministrator(dataDirectory: string, random: Random): BootstrapAdministrator {
  const path = join(dataDirectory, ADMINISTRATOR_FILE)
  const { content, made } = openSecretFile(path, () => makeFile(random))
  return { accessKey: readFile(content, path), path, made }
}

/** Forms as IAM makes them: `AKIA` and 16 characters, a secret of 40 (30 random bytes). */
function makeFile(random: Random): Uint8Array {
  const file = {
    accountId: BOOTSTRAP_ACCOUNT_ID,
    userName: 'administrator',
    accessKeyId: `AKIA${toBase32Characters(random.bytes(16))}`,
    secretAccessKey: encodeBase64(random.bytes(30)),
  }
  return utf8(`${JSON.stringify(file, null, 2)}\n`)
}

function readFile(content: Uint8Array, path: string): AccessKey {
  const file = parseFile(content)
  const { accountId, userName, accessKeyId, secretAccessKey } = isJsonObject(file) ? file : {}
  if (
    !fits(accountId, /^\d{12}$/) ||
    !fits(userName, /^[\w+=,.@-]{1,64}$/) ||
    !fits(accessKeyId, /^AKIA[A-Z2-7]{16}$/) ||
    !fits(secretAccessKey, /^[A-Za-z0-9+/]{40}$/)
  ) {
    throw new IdentityError(
      'ADMINISTRATOR_FILE_INVALID',
      `${path} does not hold the access key of the bootstrap administrator; without it a new one is made`,
    )
  }
  return {
    accessKeyId,
    secretAccessKey,
    principal: toUser({ accountId, name: userName }, [ALLOW_EVERYTHING]),
  }
}

function parseFile(content: Uint8Array): JsonValue {
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(content))
  } catch {
    // The cause could quote the secret, and the caller says all there is to say.
    return null
  }
}

function fits(value: JsonValue | undefined, form: RegExp): value is string {
  return typeof value === 'string' && form.test(value)
}
