import type { JsonObject, JsonValue } from '../core/json.ts'
import type { DeclaredAccount } from './directory.ts'
import { IdentityError } from './errors.ts'
import type { Principal, Role } from './principal.ts'
import { toRootUser } from './root-user.ts'
import type { SeedAccessKey } from './seed-access-key.ts'
import { parseAccessKeys } from './seed-access-key.ts'
import type { SeedPlace } from './seed-entity.ts'
import { ENTITY_MEMBERS, parseSeedEntity } from './seed-entity.ts'
import type { SeedChecks } from './seed-policy.ts'
import { parseSeedRole } from './seed-role.ts'
import { join, readMembers, readObject } from './seed-shape.ts'
import { toUser } from './user.ts'

/** An account of a seed file. */
export interface SeedAccount {
  readonly account: DeclaredAccount
  readonly accessKeys: readonly SeedAccessKey[]
  readonly roles: readonly Role[]
}

/** Names of users and roles (IAM API Reference, CreateUser, CreateRole). */
const NAME = /^[\w+=,.@-]{1,64}$/

/** Reads an account with its users, its roles and its root user. Throws `IdentityError`. */
export function parseSeedAccount(accountId: string, value: JsonValue, checks: SeedChecks): SeedAccount {
  const path = join('accounts', accountId)
  checkAccountId(accountId, path)
  const account = readMembers(value, ['users', 'roles', 'root'], path)
  const users = namedEntries(account, 'users', path).map(([name, user, place]) =>
    parseUser({ accountId, name }, user, { path: place, checks }),
  )
  const roles = namedEntries(account, 'roles', path).map(([name, role, place]) =>
    parseSeedRole({ accountId, name }, role, { path: place, checks }),
  )
  return {
    account: {
      accountId,
      userNames: users.map(({ principal }) => nameWithPath(principal.arn)),
      roleNames: roles.map(({ arn }) => nameWithPath(arn)),
    },
    accessKeys: [
      ...users.flatMap(({ accessKeys }) => accessKeys),
      ...parseRoot(accountId, account['root'], join(path, 'root')),
    ],
    roles,
  }
}

/** Throws `SEED_ACCOUNT_INVALID` unless a text is an account number. */
export function checkAccountId(accountId: string, path: string): void {
  if (/^\d{12}$/.test(accountId)) return
  throw new IdentityError('SEED_ACCOUNT_INVALID', `${path}: an account is twelve digits, quoted`)
}

/** What stands behind `user/` or `role/`. */
function nameWithPath(arn: string): string {
  return arn.slice(arn.indexOf('/') + 1)
}

function namedEntries(
  account: JsonObject,
  member: 'users' | 'roles',
  path: string,
): readonly (readonly [string, JsonValue, string])[] {
  const place = join(path, member)
  return Object.entries(readObject(account[member] ?? {}, place)).map(([name, value]) => {
    const inner = join(place, name)
    if (NAME.test(name)) return [name, value, inner] as const
    throw new IdentityError('SEED_NAME_INVALID', `${place} has a name that no user or role can have`)
  })
}

function parseUser(
  { accountId, name }: { readonly accountId: string; readonly name: string },
  value: JsonValue,
  place: SeedPlace,
): { readonly principal: Principal; readonly accessKeys: readonly SeedAccessKey[] } {
  const user = readMembers(value, ['accessKeys', ...ENTITY_MEMBERS], place.path)
  const { path, identityPolicies, ...options } = parseSeedEntity(user, place)
  const principal = toUser({ accountId, name, path }, identityPolicies, options)
  return {
    principal,
    accessKeys: parseAccessKeys(user['accessKeys'], principal, join(place.path, 'accessKeys')),
  }
}

function parseRoot(accountId: string, value: JsonValue | undefined, path: string): readonly SeedAccessKey[] {
  if (value === undefined) return []
  const root = readMembers(value, ['accessKeys'], path)
  return parseAccessKeys(root['accessKeys'], toRootUser(accountId), join(path, 'accessKeys'))
}
