import type { KeyRecord, MaterialRecord } from '../../src/store/key-store.ts'

/** A key id whose last digits are a number, so that the order of numbers is the order of ids. */
export function makeKeyId(number: number): string {
  return `1234abcd-12ab-34cd-56ef-${String(number).padStart(12, '0')}`
}

/** A key of account 111122223333 in us-east-1. */
export function makeKey(number: number, changes: Partial<KeyRecord> = {}): KeyRecord {
  return {
    region: 'us-east-1',
    accountId: '111122223333',
    keyId: makeKeyId(number),
    description: 'für Schlüssel \u{1f511} "\'\0 und mehr',
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    keyState: 'Enabled',
    creationDate: new Date('2026-01-02T03:04:05.678Z'),
    deletionDate: null,
    policy: '{"Version":"2012-10-17","Statement":[]}',
    currentMaterialId: String(number).padStart(64, '0'),
    tags: [{ key: 'team', value: '' }],
    ...changes,
  }
}

/** Material that fits a key. */
export function makeMaterial(key: KeyRecord, changes: Partial<MaterialRecord> = {}): MaterialRecord {
  return {
    region: key.region,
    keyId: key.keyId,
    materialId: key.currentMaterialId,
    wrapped: Uint8Array.of(0, 1, 255, 0),
    publicKey: null,
    creationDate: key.creationDate,
    ...changes,
  }
}
