import { parseJson } from '../core/json.ts'
import { StoreError } from './errors.ts'
import type { AliasRecord, KeyRecord, MaterialRecord, Tag } from './key-store.ts'
import type { Parameters, Row } from './sqlite-database.ts'

/** A key as parameters of statements. Throws `StoreError` `RECORD_INVALID` for one that SQLite would not keep as it is. */
export function toKeyRow(key: KeyRecord): Parameters {
  return {
    region: text(key.region),
    keyId: text(key.keyId),
    accountId: text(key.accountId),
    description: text(key.description),
    keySpec: text(key.keySpec),
    keyUsage: text(key.keyUsage),
    origin: text(key.origin),
    keyState: text(key.keyState),
    creationTime: time(key.creationDate),
    deletionTime: key.deletionDate && time(key.deletionDate),
    policy: text(key.policy),
    currentMaterialId: text(key.currentMaterialId),
    tags: JSON.stringify(key.tags.map((tag) => [tag.key, tag.value])),
  }
}

/** Material as parameters of statements. Throws as `toKeyRow`. */
export function toMaterialRow(material: MaterialRecord): Parameters {
  return {
    region: text(material.region),
    keyId: text(material.keyId),
    materialId: text(material.materialId),
    wrapped: material.wrapped,
    publicKey: material.publicKey,
    creationTime: time(material.creationDate),
  }
}

/** An alias as parameters of statements. Throws as `toKeyRow`. */
export function toAliasRow(alias: AliasRecord): Parameters {
  return {
    accountId: text(alias.accountId),
    region: text(alias.region),
    aliasName: text(alias.aliasName),
    targetKeyId: text(alias.targetKeyId),
    creationTime: time(alias.creationDate),
    lastUpdatedTime: time(alias.lastUpdatedDate),
  }
}

/** Reads a row of `keys`. Throws `StoreError` `ROW_MALFORMED` if it does not hold a key. */
export function readKey(row: Row): KeyRecord {
  return {
    region: readText(row, 'region'),
    keyId: readText(row, 'key_id'),
    accountId: readText(row, 'account_id'),
    description: readText(row, 'description'),
    keySpec: readText(row, 'key_spec'),
    keyUsage: readText(row, 'key_usage'),
    origin: readText(row, 'origin'),
    keyState: readText(row, 'key_state'),
    creationDate: readDate(row, 'creation_time'),
    deletionDate: row['deletion_time'] === null ? null : readDate(row, 'deletion_time'),
    policy: readText(row, 'policy'),
    currentMaterialId: readMaterialId(row, 'current_material_id'),
    tags: readTags(row, 'tags'),
  }
}

/** Reads a row of `materials`. Throws as `readKey`. */
export function readMaterial(row: Row): MaterialRecord {
  return {
    region: readText(row, 'region'),
    keyId: readText(row, 'key_id'),
    materialId: readMaterialId(row, 'material_id'),
    wrapped: readBytes(row, 'wrapped'),
    publicKey: row['public_key'] === null ? null : readBytes(row, 'public_key'),
    creationDate: readDate(row, 'creation_time'),
  }
}

/** Reads a row of `aliases`. Throws as `readKey`. */
export function readAlias(row: Row): AliasRecord {
  return {
    accountId: readText(row, 'account_id'),
    region: readText(row, 'region'),
    aliasName: readText(row, 'alias_name'),
    targetKeyId: readText(row, 'target_key_id'),
    creationDate: readDate(row, 'creation_time'),
    lastUpdatedDate: readDate(row, 'last_updated_time'),
  }
}

/** Reads a text. Throws as `readKey`. */
export function readText(row: Row, column: string): string {
  const value = row[column]
  return typeof value === 'string' ? value : malformed(column)
}

function readBytes(row: Row, column: string): Uint8Array {
  const value = row[column]
  return value instanceof Uint8Array ? value : malformed(column)
}

/** Reads a time. Throws as `readKey`. */
export function readDate(row: Row, column: string): Date {
  const value = row[column]
  const date = new Date(typeof value === 'number' ? value : Number.NaN)
  return Number.isNaN(date.getTime()) ? malformed(column) : date
}

function readMaterialId(row: Row, column: string): string {
  const value = readText(row, column)
  return /^[0-9a-f]{64}$/.test(value) ? value : malformed(column)
}

function readTags(row: Row, column: string): readonly Tag[] {
  const pairs = readJson(row, column)
  if (!isList(pairs)) return malformed(column)
  return pairs.map((pair) => {
    const [key, value, ...rest] = isList(pair) ? pair : []
    if (typeof key !== 'string' || typeof value !== 'string' || rest.length > 0) return malformed(column)
    return { key, value }
  })
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

/** Reads a column of JSON. Throws as `readKey`. */
export function readJson(row: Row, column: string): unknown {
  const value = readText(row, column)
  try {
    return parseJson(value)
  } catch (cause) {
    return malformed(column, cause)
  }
}

/** Throws `StoreError` `ROW_MALFORMED`. */
export function malformed(column: string, cause?: unknown): never {
  throw new StoreError('ROW_MALFORMED', `a row of the store is malformed in column ${column}`, { cause })
}

/**
 * A text as SQLite keeps it: UTF-8 cannot hold a lone surrogate, and another character would take its place. Throws
 * `RECORD_INVALID`.
 */
export function text(value: string): string {
  return value.isWellFormed() ? value : invalid('is not Unicode text')
}

/** Milliseconds since 1970. Throws `RECORD_INVALID`. */
export function time(date: Date): number {
  const milliseconds = date.getTime()
  return Number.isNaN(milliseconds) ? invalid('holds no valid date') : milliseconds
}

/** Throws `StoreError` `RECORD_INVALID`. */
export function invalid(what: string): never {
  throw new StoreError('RECORD_INVALID', `a record ${what}`)
}
