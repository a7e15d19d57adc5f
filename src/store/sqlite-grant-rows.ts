import type { GrantConstraintsRecord, GrantRecord } from './key-store.ts'
import type { Parameters, Row } from './sqlite-database.ts'
import { malformed, readDate, readJson, readText, text, time } from './sqlite-rows.ts'

/** A grant as parameters of statements. Throws `StoreError` `RECORD_INVALID` for one that SQLite would not keep as it is. */
export function toGrantRow(grant: GrantRecord): Parameters {
  const { encryptionContextEquals, encryptionContextSubset, sourceArn } = grant.constraints
  return {
    region: text(grant.region),
    keyId: text(grant.keyId),
    grantId: text(grant.grantId),
    name: text(grant.name),
    grantee: text(grant.granteePrincipal),
    retiring: grant.retiringPrincipal === null ? null : text(grant.retiringPrincipal),
    operations: text(JSON.stringify(grant.operations)),
    constraints: text(
      JSON.stringify([
        encryptionContextEquals && toPairs(encryptionContextEquals),
        encryptionContextSubset && toPairs(encryptionContextSubset),
        sourceArn,
      ]),
    ),
    issuingAccountId: text(grant.issuingAccountId),
    creationTime: time(grant.creationDate),
  }
}

/** Sorted, so that equal constraints are equal texts. JSON.stringify escapes lone surrogates, so they are looked for here. */
function toPairs(pairs: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...pairs]
    .map(([key, value]) => [text(key), text(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Reads a row of `grants`. Throws `StoreError` `ROW_MALFORMED` if it does not hold a grant. */
export function readGrantRow(row: Row): GrantRecord {
  return {
    region: readText(row, 'region'),
    keyId: readText(row, 'key_id'),
    grantId: readText(row, 'grant_id'),
    name: readText(row, 'name'),
    granteePrincipal: readText(row, 'grantee'),
    retiringPrincipal: row['retiring'] === null ? null : readText(row, 'retiring'),
    operations: readTexts(row, 'operations'),
    constraints: readConstraints(row, 'constraints'),
    issuingAccountId: readText(row, 'issuing_account_id'),
    creationDate: readDate(row, 'creation_time'),
  }
}

function readTexts(row: Row, column: string): readonly string[] {
  const list = readJson(row, column)
  return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : malformed(column)
}

/** A constraint that cannot be read must not become none. */
function readConstraints(row: Row, column: string): GrantConstraintsRecord {
  const list = readJson(row, column)
  if (!Array.isArray(list) || list.length !== 3) return malformed(column)
  const [equals, subset, sourceArn] = list as readonly unknown[]
  if (sourceArn !== null && typeof sourceArn !== 'string') return malformed(column)
  return {
    encryptionContextEquals: readPairs(equals, column),
    encryptionContextSubset: readPairs(subset, column),
    sourceArn,
  }
}

function readPairs(value: unknown, column: string): ReadonlyMap<string, string> | null {
  if (value === null) return null
  if (!Array.isArray(value)) return malformed(column)
  return new Map(
    (value as readonly unknown[]).map((pair) => {
      const [key, content, ...rest] = Array.isArray(pair) ? (pair as readonly unknown[]) : []
      if (typeof key !== 'string' || typeof content !== 'string' || rest.length > 0) return malformed(column)
      return [key, content] as const
    }),
  )
}
