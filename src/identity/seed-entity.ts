import type { JsonObject, JsonValue } from '../core/json.ts'
import { IdentityError } from './errors.ts'
import type { IdentityPolicy, PrincipalTag } from './principal.ts'
import type { SeedChecks } from './seed-policy.ts'
import { parseSeedPolicy } from './seed-policy.ts'
import { join, readList, readObject, readText } from './seed-shape.ts'
import { foldTagKey, isReservedTagKey, TAG_LIMITS, TAG_PATTERNS } from './tag-rules.ts'

/** What users and roles have in common. */
export interface SeedEntity {
  /** Begins and ends with a slash. */
  readonly path: string
  readonly identityPolicies: readonly IdentityPolicy[]
  readonly permissionsBoundary: IdentityPolicy | null
  readonly tags: readonly PrincipalTag[]
}

/** The members that `parseSeedEntity` reads. */
export const ENTITY_MEMBERS = ['path', 'policies', 'permissionsBoundary', 'tags'] as const

/** A place in the file, and what policies are checked with. */
export interface SeedPlace {
  readonly path: string
  readonly checks: SeedChecks
}

/** Reads what a user or a role has. Throws `IdentityError`. */
export function parseSeedEntity(entity: JsonObject, { path, checks }: SeedPlace): SeedEntity {
  const boundary = entity['permissionsBoundary']
  const place = { path: join(path, 'permissionsBoundary'), checks }
  return {
    path: parsePath(entity['path'], join(path, 'path')),
    identityPolicies: parsePolicies(entity['policies'], { path: join(path, 'policies'), checks }),
    permissionsBoundary:
      boundary === undefined
        ? null
        : { name: 'permissionsBoundary', document: parseSeedPolicy(boundary, 'identity', place) },
    tags: parseTags(entity['tags'], join(path, 'tags')),
  }
}

function parsePolicies(value: JsonValue | undefined, { path, checks }: SeedPlace): readonly IdentityPolicy[] {
  return readList(value, path).map((policy, at) => ({
    name: `policies[${at}]`,
    document: parseSeedPolicy(policy, 'identity', { path: `${path}[${at}]`, checks }),
  }))
}

/** Of what IAM takes (IAM API Reference, CreateRole, Path), the paths that can stand in the ARNs of policies. */
const PATH = /^\/(?:[\w+=,.@-]+\/)*$/
const PATH_LIMIT = 512

function parsePath(value: JsonValue | undefined, place: string): string {
  const path = value === undefined ? '/' : readText(value, place)
  if (path.length <= PATH_LIMIT && PATH.test(path)) return path
  throw new IdentityError(
    'SEED_PATH_INVALID',
    `${place}: a path begins and ends with a slash, such as /team/`,
  )
}

const KEY = new RegExp(`^${TAG_PATTERNS.key}$`, 'u')
const VALUE = new RegExp(`^${TAG_PATTERNS.value}$`, 'u')

function parseTags(value: JsonValue | undefined, path: string): readonly PrincipalTag[] {
  const tags = Object.entries(readObject(value ?? {}, path)).map(([key, text]) => {
    const tag = { key, value: readText(text, join(path, key)) }
    if (isTag(tag)) return tag
    throw invalidTag(
      join(path, key),
      'keys of 1 to 128 characters, values of up to 256, none beginning with aws:',
    )
  })
  if (tags.length > TAG_LIMITS.tags) throw invalidTag(path, `at most ${TAG_LIMITS.tags} tags`)
  if (new Set(tags.map(({ key }) => foldTagKey(key))).size === tags.length) return tags
  throw invalidTag(path, 'no two keys that differ in upper and lower case alone')
}

function isTag({ key, value }: PrincipalTag): boolean {
  const fits = Array.from(key).length <= TAG_LIMITS.key && Array.from(value).length <= TAG_LIMITS.value
  return fits && KEY.test(key) && VALUE.test(value) && !isReservedTagKey(key)
}

function invalidTag(place: string, rule: string): IdentityError {
  return new IdentityError('SEED_TAG_INVALID', `${place}: ${rule}`)
}
