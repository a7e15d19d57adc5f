import { toKeyArn } from '../core/arn.ts'
import { findKeyKind } from '../keys/key-spec.ts'
import type { KeyRecord } from '../store/key-store.ts'
import type { AnswerBody } from './answer-body.ts'

/** `KeyMetadata` of a key, with the members that AWS shows for its kind and state. */
export function toKeyMetadata(key: KeyRecord): AnswerBody {
  return {
    AWSAccountId: key.accountId,
    KeyId: key.keyId,
    Arn: toKeyArn(key, key.keyId),
    CreationDate: key.creationDate,
    Enabled: key.keyState === 'Enabled',
    Description: key.description,
    KeyState: key.keyState,
    DeletionDate: key.deletionDate ?? undefined,
    Origin: key.origin,
    KeyManager: 'CUSTOMER',
    ...keyKindMembers(key),
    MultiRegion: key.keyId.startsWith('mrk-'),
    CurrentKeyMaterialId: key.keySpec === 'SYMMETRIC_DEFAULT' ? key.currentMaterialId : undefined,
  }
}

/** The members that say what a key can do; GetPublicKey has them too. */
export function keyKindMembers({ keySpec, keyUsage }: Pick<KeyRecord, 'keySpec' | 'keyUsage'>): AnswerBody {
  const kind = findKeyKind(keySpec, keyUsage)
  return {
    KeyUsage: keyUsage,
    CustomerMasterKeySpec: keySpec,
    KeySpec: keySpec,
    EncryptionAlgorithms: listed(kind?.encryptionAlgorithms),
    KeyAgreementAlgorithms: listed(kind?.keyAgreementAlgorithms),
  }
}

function listed(algorithms: readonly string[] = []): readonly string[] | undefined {
  return algorithms.length === 0 ? undefined : algorithms
}
