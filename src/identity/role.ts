import type { Role } from './principal.ts'
import { toUniqueId } from './unique-id.ts'

/** `MaxSessionDuration` of a role that names none, in seconds (IAM API Reference, CreateRole). */
export const DEFAULT_MAX_SESSION_SECONDS = 3600

/** What a role is declared with. */
export type RoleDeclaration = Omit<Role, 'arn' | 'roleId' | 'since'> & {
  /** Begins and ends with a slash. */
  readonly path: string
}

/** Makes a role that was there when the service started. */
export function toRole({ path, ...role }: RoleDeclaration): Role {
  const arn = `arn:aws:iam::${role.accountId}:role${path}${role.name}`
  return { ...role, arn, roleId: toUniqueId('AROA', arn), since: null }
}

/**
 * The roles of a file that takes the place of an earlier one: those that were not there before are there since `now`, so
 * that a role that was taken out and put back is not mistaken for the one that it was.
 */
export function succeedRoles(earlier: readonly Role[], roles: readonly Role[], now: Date): readonly Role[] {
  const known = new Map(earlier.map((role) => [role.arn, role.since]))
  return roles.map((role) => ({ ...role, since: known.has(role.arn) ? (known.get(role.arn) ?? null) : now }))
}
