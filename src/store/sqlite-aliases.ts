import { StoreError } from './errors.ts'
import type { AccountScope, AliasRecord, KeyStore } from './key-store.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { readPage, toPageParameters } from './sqlite-page.ts'
import { readAlias, toAliasRow } from './sqlite-rows.ts'

/** The part of a `KeyStore` that is about aliases. */
export type AliasMethods = Pick<
  KeyStore,
  'createAlias' | 'findAlias' | 'updateAlias' | 'deleteAlias' | 'listAliases'
>

/** Aliases in an SQLite database whose schema has been prepared. */
export function createAliasMethods(database: SqliteDatabase): AliasMethods {
  const put = database.prepare(
    `INSERT OR REPLACE INTO aliases (account_id, region, alias_name, target_key_id, creation_time, last_updated_time)
     VALUES (:accountId, :region, :aliasName, :targetKeyId, :creationTime, :lastUpdatedTime)`,
  )
  const remove = database.prepare(
    'DELETE FROM aliases WHERE account_id = :accountId AND region = :region AND alias_name = :aliasName',
  )
  const checkTarget = createTargetCheck(database)
  const find = createAliasFinder(database)

  return {
    async createAlias(alias, limitForKey) {
      const row = toAliasRow(alias)
      database.transact(() => {
        if (find(alias, alias.aliasName))
          throw new StoreError('ALIAS_EXISTS', 'there is an alias of this name already')
        checkTarget(alias, limitForKey)
        put.run(row)
      })
    },
    findAlias: async (scope, aliasName) => find(scope, aliasName),
    updateAlias: async (scope, aliasName, { keyId, at, limitForKey }) =>
      database.transact(() => {
        const before = find(scope, aliasName)
        if (!before) return undefined
        const after = { ...before, targetKeyId: keyId, lastUpdatedDate: at }
        checkTarget(after, limitForKey)
        put.run(toAliasRow(after))
        return find(scope, aliasName)
      }),
    deleteAlias: async ({ accountId, region }, aliasName) =>
      database.transact(() => remove.run({ accountId, region, aliasName })) > 0,
    listAliases: createAliasList(database),
  }
}

function createAliasFinder(
  database: SqliteDatabase,
): (scope: AccountScope, name: string) => AliasRecord | undefined {
  const select = database.prepare(
    'SELECT * FROM aliases WHERE account_id = :accountId AND region = :region AND alias_name = :aliasName',
  )
  return ({ accountId, region }, aliasName) => {
    const row = select.get({ accountId, region, aliasName })
    return row && readAlias(row)
  }
}

/** Throws `StoreError` unless the key that an alias points to can have it. */
function createTargetCheck(database: SqliteDatabase): (alias: AliasRecord, limitForKey: number) => void {
  const selectTarget = database.prepare(
    'SELECT 1 FROM keys WHERE account_id = :accountId AND region = :region AND key_id = :targetKeyId',
  )
  const selectOthers = database.prepare(
    'SELECT 1 FROM aliases WHERE region = :region AND target_key_id = :targetKeyId AND alias_name <> :aliasName',
  )
  return ({ accountId, region, targetKeyId, aliasName }, limitForKey) => {
    if (!selectTarget.get({ accountId, region, targetKeyId })) {
      throw new StoreError('KEY_NOT_FOUND', 'the account has no such key in the Region')
    }
    if (selectOthers.all({ region, targetKeyId, aliasName }).length >= limitForKey) {
      throw new StoreError('ALIAS_LIMIT', 'the key has as many aliases as it can have')
    }
  }
}

function createAliasList(database: SqliteDatabase): KeyStore['listAliases'] {
  const inScope = 'account_id = :accountId AND region = :region AND alias_name > :after'
  const order = 'ORDER BY alias_name LIMIT :limit'
  const selectAll = database.prepare(`SELECT * FROM aliases WHERE ${inScope} ${order}`)
  const selectOfKey = database.prepare(
    `SELECT * FROM aliases WHERE ${inScope} AND target_key_id = :targetKeyId ${order}`,
  )
  return async ({ accountId, region, targetKeyId }, page) => {
    const parameters = { accountId, region, ...toPageParameters(page) }
    const rows =
      targetKeyId === undefined ? selectAll.all(parameters) : selectOfKey.all({ ...parameters, targetKeyId })
    return readPage(rows, page, readAlias)
  }
}
