import type { JsonValue } from '../core/json.ts'
import { IdentityError } from './errors.ts'
import type { Role } from './principal.ts'
import { DEFAULT_MAX_SESSION_SECONDS, toRole } from './role.ts'
import type { SeedPlace } from './seed-entity.ts'
import { ENTITY_MEMBERS, parseSeedEntity } from './seed-entity.ts'
import { parseSeedPolicy } from './seed-policy.ts'
import { join, readMembers } from './seed-shape.ts'

const MEMBERS = [...ENTITY_MEMBERS, 'trust', 'maxSessionDuration'] as const

/** IAM API Reference, CreateRole, MaxSessionDuration: one hour to twelve. */
const DURATIONS = { min: 3600, max: 43_200 } as const

/** Reads a role. Throws `IdentityError`. */
export function parseSeedRole(
  { accountId, name }: { readonly accountId: string; readonly name: string },
  value: JsonValue,
  place: SeedPlace,
): Role {
  const role = readMembers(value, MEMBERS, place.path)
  const { trust } = role
  const at = { path: join(place.path, 'trust'), checks: place.checks }
  return toRole({
    ...parseSeedEntity(role, place),
    accountId,
    name,
    trustPolicy: trust === undefined ? null : parseSeedPolicy(trust, 'trust', at),
    maxSessionSeconds: parseDuration(role['maxSessionDuration'], join(place.path, 'maxSessionDuration')),
  })
}

function parseDuration(value: JsonValue | undefined, path: string): number {
  const seconds = value ?? DEFAULT_MAX_SESSION_SECONDS
  const fits = typeof seconds === 'number' && Number.isInteger(seconds)
  if (fits && value !== null && seconds >= DURATIONS.min && seconds <= DURATIONS.max) return seconds
  throw new IdentityError(
    'SEED_DURATION_INVALID',
    `${path} takes whole seconds from ${DURATIONS.min} to ${DURATIONS.max}`,
  )
}
