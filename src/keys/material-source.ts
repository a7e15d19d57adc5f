import { createPrivateKey, createSecretKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Secret } from '../core/secret.ts'
import type { KeyIdentity, KeyStore, MaterialRecord } from '../store/key-store.ts'
import { KeysError } from './errors.ts'
import { unwrapMaterial } from './key-material.ts'
import { createMaterialCache } from './material-cache.ts'
import type { RootKey } from './root-key.ts'

/**
 * Material of keys, out of the store and ready for use. Methods reject with `KeysError` `MATERIAL_MISSING` if the
 * store does not hold it, as `RootKey.unwrap`, and as the store does.
 */
export interface MaterialSource {
  symmetricKey(identity: KeyIdentity, materialId: string): Promise<KeyObject>
  privateKey(identity: KeyIdentity, materialId: string): Promise<KeyObject>
  /** The record as it is stored. */
  record(identity: KeyIdentity, materialId: string): Promise<MaterialRecord>
  /** Drops what is held of a key. */
  forget(identity: KeyIdentity): void
  /** Drops all that is held. */
  clear(): void
}

/** Material of a store, of which at most `limit` unwrapped keys are held for the next use. */
export function createMaterialSource({
  store,
  rootKey,
  limit,
}: {
  readonly store: Pick<KeyStore, 'findMaterial'>
  readonly rootKey: RootKey
  readonly limit: number
}): MaterialSource {
  const cache = createMaterialCache(limit)

  const record = async (identity: KeyIdentity, materialId: string): Promise<MaterialRecord> => {
    const found = await store.findMaterial(identity, materialId)
    if (!found) throw new KeysError('MATERIAL_MISSING', 'the store does not hold the material of the key')
    return found
  }
  const unwrap = (wrapped: MaterialRecord, toKey: (secret: Secret) => KeyObject): KeyObject => {
    const secret = unwrapMaterial(wrapped, rootKey)
    const key = toKey(secret)
    secret.wipe()
    return key
  }

  return {
    symmetricKey: (identity, id) =>
      cache.get(identity, id, async () => unwrap(await record(identity, id), toSymmetricKey)),
    privateKey: (identity, id) =>
      cache.get(identity, id, async () => unwrap(await record(identity, id), toPrivateKey)),
    record,
    forget: (identity) => cache.forget(identity),
    clear: () => cache.clear(),
  }
}

function toSymmetricKey(secret: Secret): KeyObject {
  return createSecretKey(secret.reveal())
}

/** A view, not a copy, of the bytes that are wiped afterwards. */
function toPrivateKey(secret: Secret): KeyObject {
  const { buffer, byteOffset, length } = secret.reveal()
  return createPrivateKey({ key: Buffer.from(buffer, byteOffset, length), format: 'der', type: 'pkcs8' })
}
