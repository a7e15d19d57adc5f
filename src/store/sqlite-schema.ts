import { StoreError } from './errors.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { checkStamp } from './store-stamp.ts'
import type { StoreStamp } from './store-stamp.ts'
import { readText } from './sqlite-rows.ts'

/**
 * Brings a database to the newest version of the schema and stamps it if it is new, all of it or nothing; a store
 * that is not to be opened is left as it was.
 *
 * Throws `StoreError`: `STORE_VERSION_UNKNOWN` for a store made by a newer program, and as `checkStamp`.
 */
export function prepareSchema(
  database: SqliteDatabase,
  migrations: readonly string[],
  stamp: StoreStamp,
): void {
  database.transact(() => {
    const version = versionOf(database)
    if (version < 0 || version > migrations.length) {
      throw new StoreError('STORE_VERSION_UNKNOWN', 'the store was made by a newer version of this program')
    }
    for (const migration of migrations.slice(version)) database.execute(migration)
    database.execute(`PRAGMA user_version = ${migrations.length}`)
    // A store without a stamp, or one that is not new, is not given one afterwards: it is read, and fails.
    if (version === 0) writeStamp(database, stamp)
    checkStamp(readStamp(database), stamp)
  })
}

function versionOf(database: SqliteDatabase): number {
  return Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
}

function writeStamp(database: SqliteDatabase, { mode, rootKeyId }: StoreStamp): void {
  database.prepare('INSERT INTO stamp VALUES (1, :mode, :rootKeyId)').run({ mode, rootKeyId })
}

function readStamp(database: SqliteDatabase): { readonly mode: string; readonly rootKeyId: string } {
  const row = database.prepare('SELECT mode, root_key_id FROM stamp').get() ?? {}
  return { mode: readText(row, 'mode'), rootKeyId: readText(row, 'root_key_id') }
}
