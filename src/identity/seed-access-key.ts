import type { JsonValue } from '../core/json.ts'
import { IdentityError } from './errors.ts'
import type { AccessKey, Principal } from './principal.ts'
import { join, readList, readMembers, readText } from './seed-shape.ts'

/** An access key, with the place of its id in the file. */
export interface SeedAccessKey {
  readonly accessKey: AccessKey
  readonly path: string
}

/** Reads the access keys of somebody. Throws `IdentityError`. */
export function parseAccessKeys(
  value: JsonValue | undefined,
  principal: Principal,
  path: string,
): readonly SeedAccessKey[] {
  return readList(value, path).map((accessKey, at) => parseAccessKey(accessKey, principal, `${path}[${at}]`))
}

/** Forms of IAM's own (IAM API Reference, AccessKey): ids of 16 characters and more; secrets of any, but not none. */
function parseAccessKey(value: JsonValue, principal: Principal, path: string): SeedAccessKey {
  const members = readMembers(value, ['id', 'secret'], path)
  const accessKeyId = readText(members['id'], join(path, 'id'))
  const secretAccessKey = readText(members['secret'], join(path, 'secret'))
  if (!/^[A-Za-z0-9_]{16,128}$/.test(accessKeyId) || !/^[\x21-\x7e]{1,128}$/.test(secretAccessKey)) {
    throw new IdentityError(
      'SEED_ACCESS_KEY_INVALID',
      `${path}: an id is 16 to 128 letters and digits, a secret 1 to 128 visible characters of ASCII`,
    )
  }
  // IAM User Guide, IAM identifiers: such ids are those of temporary credentials, which come with a token.
  if (accessKeyId.startsWith('ASIA')) {
    throw new IdentityError(
      'SEED_ACCESS_KEY_TEMPORARY',
      `${path}: ASIA begins the ids of temporary credentials; those of users begin with AKIA`,
    )
  }
  return { accessKey: { accessKeyId, secretAccessKey, principal }, path: join(path, 'id') }
}
