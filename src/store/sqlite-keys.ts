import { StoreError } from './errors.ts'
import type { KeyIdentity, KeyRecord, KeyStore } from './key-store.ts'
import type { Parameters, SqliteDatabase } from './sqlite-database.ts'
import { readPage, toPageParameters } from './sqlite-page.ts'
import { invalid, readKey, readMaterial, toKeyRow, toMaterialRow } from './sqlite-rows.ts'

const INSERT_KEY = `INSERT INTO keys (region, key_id, account_id, description, key_spec, key_usage, origin, key_state,
    creation_time, deletion_time, policy, current_material_id, tags)
  VALUES (:region, :keyId, :accountId, :description, :keySpec, :keyUsage, :origin, :keyState,
    :creationTime, :deletionTime, :policy, :currentMaterialId, :tags)`
const UPDATE_KEY = `UPDATE keys SET account_id = :accountId, description = :description, key_spec = :keySpec,
    key_usage = :keyUsage, origin = :origin, key_state = :keyState, creation_time = :creationTime,
    deletion_time = :deletionTime, policy = :policy, current_material_id = :currentMaterialId, tags = :tags
  WHERE region = :region AND key_id = :keyId`
const INSERT_MATERIAL = `INSERT INTO materials (region, key_id, material_id, wrapped, public_key, creation_time)
  VALUES (:region, :keyId, :materialId, :wrapped, :publicKey, :creationTime)`

/** The part of a `KeyStore` that is about keys and their material. */
export type KeyMethods = Pick<
  KeyStore,
  'createKey' | 'findKey' | 'updateKey' | 'deleteKey' | 'listKeys' | 'listKeysToDelete' | 'findMaterial'
>

/** Keys and their material in an SQLite database whose schema has been prepared. */
export function createKeyMethods(database: SqliteDatabase): KeyMethods {
  const insertKey = database.prepare(INSERT_KEY)
  const insertMaterial = database.prepare(INSERT_MATERIAL)
  const selectKey = database.prepare('SELECT * FROM keys WHERE region = :region AND key_id = :keyId')
  const replaceKey = database.prepare(UPDATE_KEY)
  const selectMaterial = database.prepare(
    'SELECT * FROM materials WHERE region = :region AND key_id = :keyId AND material_id = :materialId',
  )

  const findKey = (identity: KeyIdentity): KeyRecord | undefined => {
    const row = selectKey.get(toIdentity(identity))
    return row && readKey(row)
  }

  return {
    async createKey(key, material) {
      const [keyRow, materialRow] = [toKeyRow(key), toMaterialRow(material)]
      if (!isSameKey(key, material) || key.currentMaterialId !== material.materialId) {
        invalid('of a key does not belong to its material')
      }
      database.transact(() => {
        if (findKey(key)) throw new StoreError('KEY_EXISTS', 'there is a key of this id already')
        insertKey.run(keyRow)
        insertMaterial.run(materialRow)
      })
    },
    findKey: async (identity) => findKey(identity),
    updateKey: async (identity, change) =>
      database.transact(() => {
        const before = findKey(identity)
        if (!before) return undefined
        const after = change(before)
        if (!isSameKey(before, after) || before.accountId !== after.accountId)
          invalid('of a key became another key')
        replaceKey.run(toKeyRow(after))
        return findKey(identity)
      }),
    async findMaterial(identity, materialId) {
      const row = selectMaterial.get({ ...toIdentity(identity), materialId })
      return row && readMaterial(row)
    },
    ...createListMethods(database),
  }
}

function createListMethods(
  database: SqliteDatabase,
): Pick<KeyStore, 'deleteKey' | 'listKeys' | 'listKeysToDelete'> {
  const remove = database.prepare(
    'DELETE FROM keys WHERE region = :region AND key_id = :keyId AND deletion_time <= :time',
  )
  const selectPage = database.prepare(
    `SELECT * FROM keys WHERE account_id = :accountId AND region = :region AND key_id > :after
     ORDER BY key_id LIMIT :limit`,
  )
  const selectDue = database.prepare(
    'SELECT * FROM keys WHERE deletion_time <= :time ORDER BY deletion_time, region, key_id',
  )
  return {
    async deleteKey(identity, time) {
      const removed =
        database.transact(() => remove.run({ ...toIdentity(identity), time: time.getTime() })) > 0
      // The log still holds what the database has overwritten.
      if (removed) database.emptyLog()
      return removed
    },
    async listKeys({ accountId, region }, page) {
      return readPage(selectPage.all({ accountId, region, ...toPageParameters(page) }), page, readKey)
    },
    listKeysToDelete: async (time) => selectDue.all({ time: time.getTime() }).map(readKey),
  }
}

function toIdentity({ region, keyId }: KeyIdentity): Parameters {
  return { region, keyId }
}

function isSameKey(a: KeyIdentity, b: KeyIdentity): boolean {
  return a.region === b.region && a.keyId === b.keyId
}
