import type { JsonObject, JsonValue } from '../core/json.ts'
import type { DeclaredAccount } from './directory.ts'
import { IdentityError } from './errors.ts'
import type { AccessKey, IdentityPolicy, Principal } from './principal.ts'
import type { SeedChecks } from './seed-policy.ts'
import { parseSeedPolicy } from './seed-policy.ts'
import { join, readList, readMembers, readObject, readText } from './seed-shape.ts'
import { toUser } from './user.ts'

/** An account of a seed file. */
export interface SeedAccount {
  readonly account: DeclaredAccount
  /** The access keys of its users, with their places in the file. */
  readonly accessKeys: readonly { readonly accessKey: AccessKey; readonly path: string }[]
}

/** Names of users and roles (IAM API Reference, CreateUser, CreateRole). */
const NAME = /^[\w+=,.@-]{1,64}$/

/** Reads an account with its users and roles. Throws `IdentityError`. */
export function parseSeedAccount(accountId: string, value: JsonValue, checks: SeedChecks): SeedAccount {
  const path = join('accounts', accountId)
  checkAccountId(accountId, path)
  const account = readMembers(value, ['users', 'roles'], path)
  const users = namedEntries(account, 'users', path)
  const roles = namedEntries(account, 'roles', path)
  for (const [, role, place] of roles) checkRole(role, { path: place, checks })
  return {
    account: {
      accountId,
      userNames: users.map(([name]) => name),
      roleNames: roles.map(([name]) => name),
    },
    accessKeys: users.flatMap(([name, user, place]) =>
      parseUser({ accountId, name }, user, { path: place, checks }),
    ),
  }
}

/** Throws `SEED_ACCOUNT_INVALID` unless a text is an account number. */
export function checkAccountId(accountId: string, path: string): void {
  if (/^\d{12}$/.test(accountId)) return
  throw new IdentityError('SEED_ACCOUNT_INVALID', `${path}: an account is twelve digits, quoted`)
}

interface Place {
  readonly path: string
  readonly checks: SeedChecks
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
  { path, checks }: Place,
): SeedAccount['accessKeys'] {
  const user = readMembers(value, ['accessKeys', 'policies'], path)
  const policies = parsePolicies(user['policies'], { path: join(path, 'policies'), checks })
  const principal = toUser({ accountId, name }, policies)
  const place = join(path, 'accessKeys')
  return readList(user['accessKeys'], place).map((accessKey, at) =>
    parseAccessKey(accessKey, principal, `${place}[${at}]`),
  )
}

/** Forms of IAM's own (IAM API Reference, AccessKey): ids of 16 characters and more; secrets of any, but not none. */
function parseAccessKey(
  value: JsonValue,
  principal: Principal,
  path: string,
): { readonly accessKey: AccessKey; readonly path: string } {
  const members = readMembers(value, ['id', 'secret'], path)
  const accessKeyId = readText(members['id'], join(path, 'id'))
  const secretAccessKey = readText(members['secret'], join(path, 'secret'))
  if (!/^[A-Za-z0-9_]{16,128}$/.test(accessKeyId) || !/^[\x21-\x7e]{1,128}$/.test(secretAccessKey)) {
    throw new IdentityError(
      'SEED_ACCESS_KEY_INVALID',
      `${path}: an id is 16 to 128 letters and digits, a secret 1 to 128 visible characters of ASCII`,
    )
  }
  return { accessKey: { accessKeyId, secretAccessKey, principal }, path: join(path, 'id') }
}

/** Trust policies are for STS, which is not built; they must be objects and are not read. */
function checkRole(value: JsonValue, { path, checks }: Place): void {
  const role = readMembers(value, ['trust', 'policies'], path)
  if (role['trust'] !== undefined) readObject(role['trust'], join(path, 'trust'))
  parsePolicies(role['policies'], { path: join(path, 'policies'), checks })
}

function parsePolicies(value: JsonValue | undefined, { path, checks }: Place): readonly IdentityPolicy[] {
  return readList(value, path).map((policy, at) => ({
    name: `policies[${at}]`,
    document: parseSeedPolicy(policy, 'identity', { path: `${path}[${at}]`, checks }),
  }))
}
