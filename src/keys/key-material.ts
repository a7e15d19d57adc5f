import { createHmac, generateKeyPairSync } from 'node:crypto'
import { concatBytes, utf8 } from '../core/bytes.ts'
import { plainBytes } from '../core/plain-bytes.ts'
import type { Random } from '../core/random.ts'
import { Secret } from '../core/secret.ts'
import type { KeyIdentity, MaterialRecord } from '../store/key-store.ts'
import { KeysError } from './errors.ts'
import type { KeyKind } from './key-spec.ts'
import type { RootKey } from './root-key.ts'

/** Length of symmetric material in bytes: AES-256. */
const SYMMETRIC_LENGTH = 32

/** Key material in the clear. */
export interface Material {
  /** 32 bytes of a symmetric key, or the private key as DER PKCS#8 (RFC 5958). */
  readonly secret: Secret
  /** DER SubjectPublicKeyInfo (RFC 5280 §4.1.2.7); `null` for symmetric material. */
  readonly publicKey: Uint8Array | null
}

/** Makes material for a kind of key: random bytes, or a key pair on its curve. */
export function generateMaterial(kind: KeyKind, random: Random): Material {
  if (!kind.curve) return { secret: new Secret(random.bytes(SYMMETRIC_LENGTH)), publicKey: null }
  // Synchronous: at most a millisecond, where a turn in the thread pool can wait longer behind an RSA generation.
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: kind.curve.name,
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
    publicKeyEncoding: { type: 'spki', format: 'der' },
  })
  return { secret: new Secret(plainBytes(privateKey)), publicKey: plainBytes(publicKey) }
}

/** Takes given bytes as symmetric material. Throws `KeysError` `MATERIAL_INVALID` unless they are 32. */
export function toSymmetricMaterial(secret: Secret): Material {
  if (secret.length !== SYMMETRIC_LENGTH) {
    throw new KeysError('MATERIAL_INVALID', `symmetric key material is ${SYMMETRIC_LENGTH} bytes`)
  }
  return { secret, publicKey: null }
}

/**
 * The id of material: 64 lower-case hexadecimal digits, a function of the key id and the material (AWS KMS API
 * Reference, KeyMaterialId), and not of the Region, so that relatives of a multi-Region key agree. HMAC-SHA256
 * under the material, which tells nothing about it.
 */
export function toMaterialId(keyId: string, secret: Secret): string {
  return createHmac('sha256', secret.reveal()).update(`attested-kms material id\0${keyId}`).digest('hex')
}

/** Wraps material under the root key, bound to the key it belongs to. */
export function wrapMaterial(
  material: Material,
  { region, keyId }: KeyIdentity,
  { rootKey, creationDate }: { readonly rootKey: RootKey; readonly creationDate: Date },
): MaterialRecord {
  const materialId = toMaterialId(keyId, material.secret)
  const wrapped = rootKey.wrap(material.secret, associatedData({ region, keyId, materialId }))
  return { region, keyId, materialId, wrapped, publicKey: material.publicKey, creationDate }
}

/** Undoes `wrapMaterial`. Throws as `RootKey.unwrap` does, also for a record that was moved to another key. */
export function unwrapMaterial(record: MaterialRecord, rootKey: RootKey): Secret {
  return rootKey.unwrap(record.wrapped, associatedData(record))
}

/** No part can hold the byte that divides them. */
function associatedData({
  region,
  keyId,
  materialId,
}: KeyIdentity & { readonly materialId: string }): Uint8Array {
  return concatBytes(utf8('attested-kms material\0'), utf8([region, keyId, materialId].join('\0')))
}
