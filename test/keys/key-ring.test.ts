import { createPublicKey, diffieHellman, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { utf8 } from '../../src/core/bytes.ts'
import { systemRandom } from '../../src/core/random.ts'
import { Secret } from '../../src/core/secret.ts'
import { parseCiphertextBlob } from '../../src/keys/ciphertext-blob.ts'
import { createKeyRing } from '../../src/keys/key-ring.ts'
import type { KeyRing } from '../../src/keys/key-ring.ts'
import { toMaterialId } from '../../src/keys/key-material.ts'
import { parseRootKey } from '../../src/keys/root-key.ts'
import type { KeyIdentity, KeyRecord, MaterialRecord } from '../../src/store/key-store.ts'

const none = new Map<string, string>()
const coded = (code: string): unknown => expect.objectContaining({ name: 'KeysError', code })

/** A ring over a store that holds in memory what is put into it. */
function makeRing({ limit = 10, rootKey = parseRootKey(systemRandom.bytes(32), systemRandom) } = {}) {
  const materials = new Map<string, MaterialRecord>()
  const name = ({ region, keyId }: KeyIdentity, materialId: string): string =>
    [region, keyId, materialId].join(' ')
  const findMaterial = vi.fn(async (identity: KeyIdentity, materialId: string) =>
    materials.get(name(identity, materialId)),
  )
  const add = (record: MaterialRecord): void => void materials.set(name(record, record.materialId), record)
  const ring = createKeyRing({ store: { findMaterial }, rootKey, random: systemRandom, limit })
  return { ring, findMaterial, add, materials }
}

const symmetric = { keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT' }
const agreement = { keySpec: 'ECC_NIST_P256', keyUsage: 'KEY_AGREEMENT' }

/** A key that a ring has made the material of. */
function makeKey(
  { ring, add }: Pick<ReturnType<typeof makeRing>, 'ring' | 'add'>,
  changes: Partial<KeyRecord>,
): KeyRecord {
  const key = {
    region: 'us-east-1',
    accountId: '111122223333',
    keyId: systemRandom.uuid(),
    description: '',
    keySpec: '',
    keyUsage: '',
    origin: 'AWS_KMS',
    keyState: 'Enabled',
    creationDate: new Date(1_000),
    deletionDate: null,
    policy: '{}',
    tags: [],
    ...changes,
  }
  const material = ring.createMaterial(key)
  add(material)
  return { ...key, currentMaterialId: material.materialId }
}

const seal = async (ring: KeyRing, key: KeyRecord, text = 'attested', context = none) =>
  ring.seal(key, new Secret(utf8(text)), context)

describe('seal and open', () => {
  it('give a plaintext back, with the id of the material', async () => {
    const made = makeRing()
    const key = makeKey(made, symmetric)
    const context = new Map([['tenant', 'a']])
    const { ciphertext, materialId } = await seal(made.ring, key, 'attested', context)
    expect(materialId).toBe(key.currentMaterialId)
    const opened = await made.ring.open(key, parseCiphertextBlob(ciphertext), context)
    expect(opened.plaintext.reveal()).toEqual(utf8('attested'))
    expect(opened.materialId).toBe(materialId)
    await expect(made.ring.open(key, parseCiphertextBlob(ciphertext), none)).rejects.toEqual(
      coded('CIPHERTEXT_INVALID'),
    )
  })

  it('open old ciphertext after the current material has changed', async () => {
    const made = makeRing()
    const key = makeKey(made, symmetric)
    const { ciphertext } = await seal(made.ring, key)
    const fresh = made.ring.createMaterial(key)
    made.add(fresh)
    const rotated = { ...key, currentMaterialId: fresh.materialId }
    expect((await seal(made.ring, rotated)).materialId).toBe(fresh.materialId)
    const opened = await made.ring.open(rotated, parseCiphertextBlob(ciphertext), none)
    expect(opened).toMatchObject({ materialId: key.currentMaterialId })
  })

  it('CIPHERTEXT_INVALID: of another key, with that key or under its name', async () => {
    const made = makeRing()
    const [one, other] = [makeKey(made, symmetric), makeKey(made, symmetric)]
    const blob = parseCiphertextBlob((await seal(made.ring, one)).ciphertext)
    await expect(made.ring.open(other, blob, none)).rejects.toEqual(coded('CIPHERTEXT_INVALID'))
    const renamed = { ...blob, keyId: other.keyId }
    await expect(made.ring.open(other, renamed, none)).rejects.toEqual(coded('CIPHERTEXT_INVALID'))
  })

  it('CIPHERTEXT_INVALID: of material that the store does not hold', async () => {
    const made = makeRing()
    const key = makeKey(made, symmetric)
    const blob = parseCiphertextBlob((await seal(made.ring, key)).ciphertext)
    made.ring.forget(key)
    made.materials.clear()
    await expect(made.ring.open(key, blob, none)).rejects.toEqual(coded('CIPHERTEXT_INVALID'))
    await expect(seal(made.ring, key)).rejects.toEqual(coded('MATERIAL_MISSING'))
  })

  it('ask the store once for many uses, and again after forget and clear', async () => {
    const made = makeRing()
    const key = makeKey(made, symmetric)
    for (let use = 0; use < 3; use++) await seal(made.ring, key)
    expect(made.findMaterial).toHaveBeenCalledTimes(1)
    made.ring.forget(key)
    await seal(made.ring, key)
    made.ring.clear()
    await seal(made.ring, key)
    expect(made.findMaterial).toHaveBeenCalledTimes(3)
  })

  it('hold no more keys than the limit', async () => {
    const made = makeRing({ limit: 1 })
    const [one, other] = [makeKey(made, symmetric), makeKey(made, symmetric)]
    for (const key of [one, other, one]) await seal(made.ring, key)
    expect(made.findMaterial).toHaveBeenCalledTimes(3)
  })

  it('ROOT_KEY_WRONG: material wrapped under another root key', async () => {
    const made = makeRing()
    const key = makeKey(made, symmetric)
    const other = makeRing()
    for (const record of made.materials.values()) other.add(record)
    await expect(seal(other.ring, key)).rejects.toEqual(coded('ROOT_KEY_WRONG'))
  })
})

describe('createMaterial', () => {
  it('takes given bytes for a symmetric key', async () => {
    const made = makeRing()
    const bytes = systemRandom.bytes(32)
    const key = { ...makeKey(made, symmetric), currentMaterialId: '' }
    const record = made.ring.createMaterial(key, new Secret(bytes.slice()))
    expect(record).toMatchObject({ keyId: key.keyId, creationDate: key.creationDate, publicKey: null })
    expect(record.materialId).toBe(toMaterialId(key.keyId, new Secret(bytes)))
  })

  it.each([
    ['MATERIAL_INVALID', symmetric, 16],
    ['KEY_KIND_WRONG', agreement, 32],
    ['KEY_KIND_WRONG', { keySpec: 'ECC_NIST_P256', keyUsage: 'SIGN_VERIFY' }, undefined],
    ['KEY_KIND_WRONG', { keySpec: 'RSA_2048', keyUsage: 'ENCRYPT_DECRYPT' }, undefined],
  ])('%s: for %o with %s bytes given', (code, kind, length) => {
    const made = makeRing()
    const key = { ...makeKey(made, symmetric), ...kind }
    const imported = length === undefined ? undefined : new Secret(new Uint8Array(length))
    expect(() => made.ring.createMaterial(key, imported)).toThrow(coded(code))
  })
})

describe('deriveSharedSecret and publicKeyOf', () => {
  it('agree with the other side', async () => {
    const made = makeRing()
    const key = makeKey(made, agreement)
    const peer = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const peerPublicKey = new Uint8Array(peer.publicKey.export({ format: 'der', type: 'spki' }))
    const own = await made.ring.publicKeyOf(key)
    const publicKey = createPublicKey({ key: Buffer.from(own), format: 'der', type: 'spki' })
    const expected = diffieHellman({ privateKey: peer.privateKey, publicKey })
    for (let use = 0; use < 2; use++) {
      const secret = await made.ring.deriveSharedSecret(key, peerPublicKey)
      expect(Buffer.from(secret.reveal()).equals(expected)).toBe(true)
    }
  })

  it('PEER_KEY_INVALID: a key of another curve', async () => {
    const made = makeRing()
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'secp384r1' })
    const peer = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }))
    await expect(made.ring.deriveSharedSecret(makeKey(made, agreement), peer)).rejects.toEqual(
      coded('PEER_KEY_INVALID'),
    )
  })

  it('KEY_KIND_WRONG: each on a key of the other kind', async () => {
    const made = makeRing()
    const [aes, ec] = [makeKey(made, symmetric), makeKey(made, agreement)]
    const blob = parseCiphertextBlob((await seal(made.ring, aes)).ciphertext)
    await expect(seal(made.ring, ec)).rejects.toEqual(coded('KEY_KIND_WRONG'))
    await expect(made.ring.open(ec, blob, none)).rejects.toEqual(coded('KEY_KIND_WRONG'))
    await expect(made.ring.publicKeyOf(aes)).rejects.toEqual(coded('KEY_KIND_WRONG'))
    await expect(made.ring.deriveSharedSecret(aes, new Uint8Array())).rejects.toEqual(coded('KEY_KIND_WRONG'))
  })
})
