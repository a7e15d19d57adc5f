import type { Random } from '../core/random.ts'
import type { Secret } from '../core/secret.ts'
import type { KeyIdentity, KeyRecord, KeyStore, MaterialRecord } from '../store/key-store.ts'
import { refuseCiphertext } from './ciphertext-blob.ts'
import type { CiphertextBlob } from './ciphertext-blob.ts'
import { openCiphertext, sealPlaintext } from './ciphertext-cipher.ts'
import type { EcCurve } from './ec-curve.ts'
import type { EncryptionContext } from './encryption-context.ts'
import { KeysError } from './errors.ts'
import { agreeOnSecret } from './key-agreement.ts'
import { generateMaterial, toSymmetricMaterial, wrapMaterial } from './key-material.ts'
import { findKeyKind } from './key-spec.ts'
import type { KeyKind } from './key-spec.ts'
import { createMaterialSource } from './material-source.ts'
import type { RootKey } from './root-key.ts'

/**
 * What is done with the material of keys; none of it leaves. State and usage of the key are not asked here. Methods
 * reject with `KeysError`: `KEY_KIND_WRONG` for a key that is not of the kind they work on, `MATERIAL_MISSING` if
 * the store does not hold its material, and as `RootKey.unwrap`; with `StoreError` as the store does.
 */
export interface KeyRing {
  /** Makes the first material of a key, for the store. `imported` takes the place of fresh symmetric material. */
  createMaterial(
    key: Pick<KeyRecord, 'region' | 'keyId' | 'keySpec' | 'keyUsage' | 'creationDate'>,
    imported?: Secret,
  ): MaterialRecord
  /** Encrypts under the current material of a symmetric key. Also rejects as `encodeEncryptionContext`. */
  seal(
    key: KeyRecord,
    plaintext: Secret,
    context: EncryptionContext,
  ): Promise<{ readonly ciphertext: Uint8Array; readonly materialId: string }>
  /**
   * Decrypts under the material that the blob names. Rejects with `CIPHERTEXT_INVALID` if the blob is not one of the
   * key's, was changed, or was made with another context; also as `encodeEncryptionContext`.
   */
  open(
    key: KeyRecord,
    blob: CiphertextBlob,
    context: EncryptionContext,
  ): Promise<{ readonly plaintext: Secret; readonly materialId: string }>
  /** The raw ECDH secret between a key and a peer's DER SubjectPublicKeyInfo. Also rejects with `PEER_KEY_INVALID`. */
  deriveSharedSecret(key: KeyRecord, peerPublicKey: Uint8Array): Promise<Secret>
  /** The DER SubjectPublicKeyInfo of an asymmetric key. */
  publicKeyOf(key: KeyRecord): Promise<Uint8Array>
  /** Drops what is held of a key. To be called once it has been deleted. */
  forget(identity: KeyIdentity): void
  /** Drops all that is held. To be called once the store has been reset or closed. */
  clear(): void
}

/** What a key ring works with. `limit`: how many unwrapped keys it holds at most. */
export interface KeyRingOptions {
  readonly store: Pick<KeyStore, 'findMaterial'>
  readonly rootKey: RootKey
  readonly random: Random
  readonly limit: number
}

/** Makes the key ring of a store. */
export function createKeyRing({ store, rootKey, random, limit }: KeyRingOptions): KeyRing {
  const materials = createMaterialSource({ store, rootKey, limit })
  return {
    createMaterial(key, imported) {
      const kind = kindOf(key)
      if (imported) symmetric(kind)
      const material = imported ? toSymmetricMaterial(imported) : generateMaterial(kind, random)
      return wrapMaterial(material, key, { rootKey, creationDate: key.creationDate })
    },
    async seal(key, plaintext, context) {
      symmetric(kindOf(key))
      const { keyId, currentMaterialId: materialId } = key
      const material = await materials.symmetricKey(key, materialId)
      return {
        ciphertext: sealPlaintext({ keyId, materialId, material }, { plaintext, context }, random),
        materialId,
      }
    },
    async open(key, blob, context) {
      symmetric(kindOf(key))
      if (blob.keyId !== key.keyId) refuseCiphertext('key')
      const material = await materials.symmetricKey(key, blob.materialId).catch(refuseUnknownMaterial)
      return { plaintext: openCiphertext(material, blob, context), materialId: blob.materialId }
    },
    async deriveSharedSecret(key, peerPublicKey) {
      const curve = curveOf(kindOf(key))
      const privateKey = await materials.privateKey(key, key.currentMaterialId)
      return agreeOnSecret(privateKey, curve, peerPublicKey)
    },
    async publicKeyOf(key) {
      curveOf(kindOf(key))
      const { publicKey } = await materials.record(key, key.currentMaterialId)
      return publicKey ?? wrongKind()
    },
    forget: (identity) => materials.forget(identity),
    clear: () => materials.clear(),
  }
}

/** The material id of a blob is the caller's word: one that the store does not know makes the blob bad, not the store. */
function refuseUnknownMaterial(error: unknown): never {
  if (error instanceof KeysError && error.code === 'MATERIAL_MISSING') refuseCiphertext('material', error)
  throw error
}

function kindOf({ keySpec, keyUsage }: Pick<KeyRecord, 'keySpec' | 'keyUsage'>): KeyKind {
  return findKeyKind(keySpec, keyUsage) ?? wrongKind()
}

function symmetric(kind: KeyKind): void {
  if (kind.curve) wrongKind()
}

function curveOf(kind: KeyKind): EcCurve {
  return kind.curve ?? wrongKind()
}

function wrongKind(): never {
  throw new KeysError('KEY_KIND_WRONG', 'the key is not of the kind that this is done with')
}
