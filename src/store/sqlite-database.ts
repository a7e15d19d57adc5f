/**
 * The one place that knows `node:sqlite`. Relied on: statements keep text with NUL and blobs as they are; rows have no
 * prototype; an error of SQLite has the code `ERR_SQLITE_ERROR` and its result code in `errcode`.
 */
import { closeSync, openSync } from 'node:fs'
import { resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreError } from './errors.ts'
import type { StoreErrorCode } from './errors.ts'

type Value = null | number | string | Uint8Array
/** Values of a statement by the names of its parameters, without their colon. */
export type Parameters = Readonly<Record<string, Value>>
/** A row of a result by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>

/** A prepared statement. All methods throw `StoreError` if SQLite fails. */
interface Statement {
  /** Answers how many rows it changed. */
  run(parameters?: Parameters): number
  get(parameters?: Parameters): Row | undefined
  all(parameters?: Parameters): readonly Row[]
}

/** An open database file. All methods throw `StoreError` if SQLite fails. */
export interface SqliteDatabase {
  prepare(sql: string): Statement
  /** Runs statements that answer nothing. */
  execute(sql: string): void
  /** Runs `body` with every change it makes, durable when this returns, or none: then what `body` threw is thrown. */
  transact<Result>(body: () => Result): Result
  /** Moves what the write-ahead log holds into the database, and cuts the log to nothing. */
  emptyLog(): void
  /** Ends all use of the file. */
  close(): void
}

/** What marks a file as one of ours (SQLite, PRAGMA application_id): "AKMS". */
const APPLICATION_ID = 0x414b4d53

/**
 * Opens a database file, or makes it with mode 0600, for this process alone: whoever else opens it, here or in
 * another process, gets `STORE_IN_USE`. An exclusive lock is the quickest way to work, and two services on one file
 * would not know of each other's caches. `STORE_UNREADABLE` if the file is not ours, damaged, or cannot be opened.
 */
export function openSqliteDatabase(file: string): SqliteDatabase {
  // An absolute path is never taken for one of SQLite's special names.
  const path = resolve(file)
  const connection = guard(() => {
    makeFile(path)
    return new DatabaseSync(path)
  })
  try {
    guard(() => claim(connection))
    return wrap(connection)
  } catch (error) {
    connection.close()
    throw error
  }
}

/** The files that SQLite puts beside it get the same mode. */
function makeFile(path: string): void {
  try {
    // Not opened if it is there: closing it would drop the locks that this process holds on it (POSIX, fcntl).
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  }
}

function claim(connection: DatabaseSync): void {
  connection.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  const ask = (sql: string): unknown => Object.values(connection.prepare(sql).get() ?? {})[0]
  if (ask('PRAGMA application_id') !== APPLICATION_ID) {
    // Nothing is written to a database of somebody else's.
    if (ask('SELECT count(*) FROM sqlite_schema') !== 0)
      throw new RangeError('the database is not a key store')
    connection.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
  }
  // With FULL, a commit is on disk before it is answered (SQLite, PRAGMA synchronous); what is deleted is overwritten.
  connection.exec('COMMIT; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON')
  if (ask('PRAGMA journal_mode') !== 'wal')
    throw new RangeError('the file system does not let SQLite keep a log')
  connection.exec('PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY')
}

function wrap(connection: DatabaseSync): SqliteDatabase {
  const execute = (sql: string): void => guard(() => connection.exec(sql))
  return {
    prepare: (sql) => prepare(connection, sql),
    execute,
    transact(body) {
      execute('BEGIN IMMEDIATE')
      try {
        const result = body()
        execute('COMMIT')
        return result
      } catch (error) {
        // Some failures have rolled it back already.
        if (connection.isOpen && connection.isTransaction) execute('ROLLBACK')
        throw error
      }
    },
    emptyLog: () => execute('PRAGMA wal_checkpoint(TRUNCATE)'),
    close() {
      if (connection.isOpen) guard(() => connection.close())
    },
  }
}

function prepare(connection: DatabaseSync, sql: string): Statement {
  const statement = guard(() => connection.prepare(sql))
  return {
    run: (parameters = {}) => guard(() => Number(statement.run(parameters).changes)),
    get: (parameters = {}) => guard(() => statement.get(parameters)),
    all: (parameters = {}) => guard(() => statement.all(parameters)),
  }
}

function guard<Result>(action: () => Result): Result {
  try {
    return action()
  } catch (cause) {
    throw new StoreError(codeOf(cause), 'the store failed or cannot be opened', { cause })
  }
}

/** Primary result codes of SQLite (SQLite, Result and Error Codes). */
const CODES: ReadonlyMap<number, StoreErrorCode> = new Map([
  [5, 'STORE_IN_USE'], // SQLITE_BUSY
  [11, 'STORE_UNREADABLE'], // SQLITE_CORRUPT
  [14, 'STORE_UNREADABLE'], // SQLITE_CANTOPEN
  [26, 'STORE_UNREADABLE'], // SQLITE_NOTADB
])

function codeOf(error: unknown): StoreErrorCode {
  if (hasCode(error, 'ERR_SQLITE_ERROR') && 'errcode' in error && typeof error.errcode === 'number') {
    return CODES.get(error.errcode & 0xff) ?? 'STORE_FAILED'
  }
  return hasCode(error, 'ERR_INVALID_STATE') ? 'STORE_CLOSED' : 'STORE_UNREADABLE'
}

function hasCode(error: unknown, code: string): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && error.code === code
}
