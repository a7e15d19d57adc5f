import type { KeyStore } from './key-store.ts'
import { MIGRATIONS } from './migrations.ts'
import { createAliasMethods } from './sqlite-aliases.ts'
import { openSqliteDatabase } from './sqlite-database.ts'
import { createGrantMethods } from './sqlite-grants.ts'
import { createKeyMethods } from './sqlite-keys.ts'
import { prepareSchema } from './sqlite-schema.ts'
import type { StoreStamp } from './store-stamp.ts'

/** Which file, and the stamp that it bears or gets at birth. */
export interface SqliteStoreOptions {
  readonly file: string
  readonly stamp: StoreStamp
}

/**
 * Opens the store in an SQLite file, which is made with mode 0600 if there is none, and brings an older one to the
 * present version of the schema. The file belongs to this store alone until it is closed or the process ends.
 *
 * Throws `StoreError`: `STORE_IN_USE` if another store has the file open; `STORE_UNREADABLE` if it is not a key store,
 * is damaged or cannot be opened; `STORE_VERSION_UNKNOWN` if a newer program made it; `STORE_MODE_MISMATCH` or
 * `STORE_ROOT_KEY_MISMATCH` if it bears another stamp.
 */
export function openSqliteStore({ file, stamp }: SqliteStoreOptions): KeyStore {
  const database = openSqliteDatabase(file)
  try {
    prepareSchema(database, MIGRATIONS, stamp)
    return {
      ...createKeyMethods(database),
      ...createAliasMethods(database),
      ...createGrantMethods(database),
      async reset() {
        // Material, aliases and grants go with their keys.
        database.transact(() => database.execute('DELETE FROM keys'))
        database.emptyLog()
      },
      close: async () => database.close(),
    }
  } catch (error) {
    database.close()
    throw error
  }
}
