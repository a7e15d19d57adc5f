import type { JsonValue } from '../core/json.ts'
import type { DeclaredAccount } from './directory.ts'
import { IdentityError } from './errors.ts'
import type { AccessKey, Role } from './principal.ts'
import { parseSeedAccount } from './seed-account.ts'
import type { SeedKey } from './seed-key.ts'
import { parseSeedKey } from './seed-key.ts'
import type { SeedChecks } from './seed-policy.ts'
import { join, readList, readMembers, readObject, toPlainData } from './seed-shape.ts'
import { parseYaml } from './yaml.ts'

/** What a seed file declares. */
export interface Seed {
  readonly accessKeys: readonly AccessKey[]
  readonly accounts: readonly DeclaredAccount[]
  readonly roles: readonly Role[]
  /** Keys to be made where there are none; never changed or deleted by the file. */
  readonly keys: readonly SeedKey[]
}

/** The longest seed file, in UTF-16 code units. */
const SIZE_LIMIT = 1024 * 1024

/**
 * Reads a seed file, YAML 1.2 or JSON: `accounts` with `users` and `roles` by name, and `keys`. It is taken whole or not
 * at all: unknown members, wrong types, unusable policies and names that are taken throw an `IdentityError` that names
 * the place in the file and repeats no secret.
 */
export function parseSeedFile(text: string, checks: SeedChecks): Seed {
  if (text.length > SIZE_LIMIT) throw new IdentityError('SEED_TOO_LARGE', 'the seed file is over 1 MiB')
  const file = readMembers(toPlainData(parseYaml(text)), ['accounts', 'keys'], 'the file')
  const declared = Object.entries(readObject(file['accounts'] ?? {}, 'accounts')).map(
    ([accountId, account]) => parseSeedAccount(accountId, account, checks),
  )
  const accessKeys = declared.flatMap((account) => account.accessKeys)
  refuseRepeated(
    accessKeys.map(({ accessKey, path }) => ({ name: accessKey.accessKeyId, path })),
    'SEED_ACCESS_KEY_REPEATED',
  )
  return {
    accessKeys: accessKeys.map(({ accessKey }) => accessKey),
    accounts: declared.map(({ account }) => account),
    roles: declared.flatMap(({ roles }) => roles),
    keys: parseKeys(file['keys'], checks),
  }
}

function parseKeys(value: JsonValue | undefined, checks: SeedChecks): readonly SeedKey[] {
  const keys = readList(value, 'keys').map((key, at) => ({
    key: parseSeedKey(key, `keys[${at}]`, checks),
    path: `keys[${at}]`,
  }))
  refuseRepeated(
    keys.map(({ key, path }) => ({ name: `${key.region} ${key.keyId}`, path: join(path, 'id') })),
    'SEED_KEY_REPEATED',
  )
  refuseRepeated(
    keys.flatMap(({ key, path }) =>
      key.aliases.map((alias) => ({
        name: `${key.region} ${key.accountId} ${alias}`,
        path: join(path, 'aliases'),
      })),
    ),
    'SEED_ALIAS_REPEATED',
  )
  return keys.map(({ key }) => key)
}

/** Throws for the second of two equal names, naming its place and not the name, which may be part of a credential. */
function refuseRepeated(
  entries: readonly { readonly name: string; readonly path: string }[],
  code: 'SEED_ACCESS_KEY_REPEATED' | 'SEED_KEY_REPEATED' | 'SEED_ALIAS_REPEATED',
): void {
  const seen = new Set<string>()
  for (const { name, path } of entries) {
    if (seen.has(name)) throw new IdentityError(code, `${path} is given elsewhere in the file, too`)
    seen.add(name)
  }
}
