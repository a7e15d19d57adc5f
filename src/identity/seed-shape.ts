import type { JsonObject, JsonValue } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import { IdentityError } from './errors.ts'

/** How deep a seed file may be nested; what aliases make circular ends here, too. */
const DEPTH_LIMIT = 64

/**
 * Turns what the YAML reader made into plain data. Throws `SEED_NUMBER_UNQUOTED` where a member's name is a number,
 * because an account number would lose its leading zeros; `SEED_VALUE_INVALID` for what JSON cannot hold.
 */
export function toPlainData(value: unknown, path = 'the file', depth = 0): JsonValue {
  if (depth > DEPTH_LIMIT) throw invalidValue(path)
  if (value instanceof Map) return toPlainObject(value, path, depth)
  if (Array.isArray(value)) return value.map((inner, at) => toPlainData(inner, `${path}[${at}]`, depth + 1))
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw invalidValue(path)
}

function toPlainObject(value: ReadonlyMap<unknown, unknown>, path: string, depth: number): JsonObject {
  const plain = Object.create(null) as Record<string, JsonValue>
  for (const [member, inner] of value) {
    if (typeof member === 'number') throw unquoted(`${path}, member ${member}`)
    if (typeof member !== 'string') throw invalidValue(path)
    plain[member] = toPlainData(inner, join(path, member), depth + 1)
  }
  return plain
}

/** Path of a member. A name that is none is left out: where the file is garbled it may be a secret. */
export function join(path: string, member: string): string {
  const name = /^[\w+=,.@-]{1,64}$/.test(member) ? member : '(?)'
  return path === 'the file' ? name : `${path}.${name}`
}

/** Reads an object of any members. Throws `SEED_TYPE_WRONG`. */
export function readObject(value: JsonValue | undefined, path: string): JsonObject {
  if (isJsonObject(value)) return value
  throw wrongType(path, 'an object')
}

/** Reads an object of known members. Throws `SEED_TYPE_WRONG`, `SEED_MEMBER_UNKNOWN`. */
export function readMembers(
  value: JsonValue | undefined,
  members: readonly string[],
  path: string,
): JsonObject {
  const object = readObject(value, path)
  if (Object.keys(object).every((member) => members.includes(member))) return object
  // The name is not repeated: where a colon is missing, it is the value, and may be a secret.
  throw new IdentityError('SEED_MEMBER_UNKNOWN', `${path} has a member that is none of ${members.join(', ')}`)
}

/** Reads a list; a missing one is empty. Throws `SEED_TYPE_WRONG`. */
export function readList(value: JsonValue | undefined, path: string): readonly JsonValue[] {
  if (value === undefined) return []
  if (Array.isArray(value)) return value as readonly JsonValue[]
  throw wrongType(path, 'a list')
}

/** Reads a text. Throws `SEED_MEMBER_MISSING`, `SEED_NUMBER_UNQUOTED`, `SEED_TYPE_WRONG`. */
export function readText(value: JsonValue | undefined, path: string): string {
  if (typeof value === 'string') return value
  if (value === undefined) throw new IdentityError('SEED_MEMBER_MISSING', `${path} is missing`)
  if (typeof value === 'number') throw unquoted(path)
  throw wrongType(path, 'a text')
}

function unquoted(path: string): IdentityError {
  return new IdentityError('SEED_NUMBER_UNQUOTED', `${path}: quote it, else it is read as a number`)
}

function wrongType(path: string, wanted: string): IdentityError {
  return new IdentityError('SEED_TYPE_WRONG', `${path} takes ${wanted}`)
}

function invalidValue(path: string): IdentityError {
  return new IdentityError(
    'SEED_VALUE_INVALID',
    `${path} holds what JSON cannot hold, or is nested too deeply`,
  )
}
