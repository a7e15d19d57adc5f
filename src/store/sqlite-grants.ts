import { StoreError } from './errors.ts'
import type { GrantRecord, KeyIdentity, KeyStore } from './key-store.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { readGrantRow, toGrantRow } from './sqlite-grant-rows.ts'
import { readPage, toPageParameters } from './sqlite-page.ts'

/** The part of a `KeyStore` that is about grants. */
export type GrantMethods = Pick<
  KeyStore,
  'createGrant' | 'findGrant' | 'deleteGrant' | 'listGrants' | 'listRetirableGrants'
>

const INSERT = `INSERT INTO grants
    (region, key_id, grant_id, name, grantee, retiring, operations, constraints, issuing_account_id, creation_time)
  VALUES (:region, :keyId, :grantId, :name, :grantee, :retiring, :operations, :constraints, :issuingAccountId, :creationTime)`
const OF_KEY = 'region = :region AND key_id = :keyId'

/** Grants in an SQLite database whose schema has been prepared. */
export function createGrantMethods(database: SqliteDatabase): GrantMethods {
  const insert = database.prepare(INSERT)
  const select = database.prepare(`SELECT * FROM grants WHERE ${OF_KEY} AND grant_id = :grantId`)
  const remove = database.prepare(`DELETE FROM grants WHERE ${OF_KEY} AND grant_id = :grantId`)
  const findTwin = createTwinFinder(database)
  const checkKey = createKeyCheck(database)

  const find = ({ region, keyId }: KeyIdentity, grantId: string): GrantRecord | undefined => {
    const row = select.get({ region, keyId, grantId })
    return row && readGrantRow(row)
  }

  return {
    async createGrant(grant, limitForKey) {
      const row = toGrantRow(grant)
      return database.transact(() => {
        const twin = findTwin(grant)
        if (twin) return twin
        checkKey(grant, limitForKey)
        insert.run(row)
        return grant
      })
    },
    findGrant: async (identity, grantId) => find(identity, grantId),
    deleteGrant: async ({ region, keyId }, grantId) =>
      database.transact(() => remove.run({ region, keyId, grantId })) > 0,
    ...createGrantLists(database),
  }
}

/** Finds a grant of the same name that differs in nothing but id and date. */
function createTwinFinder(database: SqliteDatabase): (grant: GrantRecord) => GrantRecord | undefined {
  const select = database.prepare(
    `SELECT * FROM grants WHERE ${OF_KEY} AND name = :name AND grantee = :grantee AND retiring IS :retiring
       AND operations = :operations AND constraints = :constraints AND issuing_account_id = :issuingAccountId`,
  )
  return (grant) => {
    if (grant.name === '') return undefined
    const { grantId: _, creationTime: __, ...same } = toGrantRow(grant)
    const row = select.get(same)
    return row && readGrantRow(row)
  }
}

function createKeyCheck(database: SqliteDatabase): (grant: GrantRecord, limitForKey: number) => void {
  const selectKey = database.prepare(`SELECT 1 FROM keys WHERE ${OF_KEY}`)
  const countGrants = database.prepare(`SELECT COUNT(*) AS count FROM grants WHERE ${OF_KEY}`)
  return ({ region, keyId }, limitForKey) => {
    if (!selectKey.get({ region, keyId })) throw new StoreError('KEY_NOT_FOUND', 'there is no such key')
    if (Number(countGrants.get({ region, keyId })?.['count']) >= limitForKey) {
      throw new StoreError('GRANT_LIMIT', 'the key has as many grants as it can have')
    }
  }
}

function createGrantLists(database: SqliteDatabase): Pick<KeyStore, 'listGrants' | 'listRetirableGrants'> {
  const page = 'grant_id > :after ORDER BY grant_id LIMIT :limit'
  const selectAll = database.prepare(`SELECT * FROM grants WHERE ${OF_KEY} AND ${page}`)
  const selectTo = database.prepare(`SELECT * FROM grants WHERE ${OF_KEY} AND grantee = :grantee AND ${page}`)
  const selectRetirable = database.prepare(
    `SELECT * FROM grants WHERE region = :region AND retiring = :retiring AND ${page}`,
  )
  return {
    async listGrants({ region, keyId, granteePrincipal }, request) {
      const parameters = { region, keyId, ...toPageParameters(request) }
      const rows =
        granteePrincipal === undefined
          ? selectAll.all(parameters)
          : selectTo.all({ ...parameters, grantee: granteePrincipal })
      return readPage(rows, request, readGrantRow)
    },
    async listRetirableGrants({ region, retiringPrincipal }, request) {
      const parameters = { region, retiring: retiringPrincipal, ...toPageParameters(request) }
      return readPage(selectRetirable.all(parameters), request, readGrantRow)
    },
  }
}
