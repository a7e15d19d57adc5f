import { foldAction } from '../policy/action.ts'

/** What there is to know of a KMS permission. */
export interface KmsAction {
  /** As policies name it, such as `kms:Decrypt`. */
  readonly action: string
  /** As patterns are compared with it. */
  readonly folded: string
  /** Whether the key policy has a say; the others are for identity policies alone, or for grants. */
  readonly inKeyPolicy: boolean
  /** Whether a call can carry an attestation document, so that the condition keys of measurements can be there. */
  readonly attestable: boolean
}

/** Operations whose answer can be encrypted to an attested recipient (AWS KMS Developer Guide, Attested platforms). */
const ATTESTABLE: ReadonlySet<string> = new Set([
  'Decrypt',
  'DeriveSharedSecret',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateRandom',
])

/** Permissions that are valid in identity policies only (AWS KMS Developer Guide, AWS KMS permissions). */
const IDENTITY_ONLY = [
  'ConnectCustomKeyStore',
  'CreateCustomKeyStore',
  'CreateKey',
  'DeleteCustomKeyStore',
  'DescribeCustomKeyStores',
  'DisconnectCustomKeyStore',
  'GenerateRandom',
  'ListAliases',
  'ListKeys',
  'ListRetirableGrants',
  'UpdateCustomKeyStore',
]

/** Grants alone decide about it (the same page, `RetireGrant`). */
const GRANTS_ONLY = ['RetireGrant']

const OTHERS = [
  'CancelKeyDeletion CreateAlias CreateGrant Decapsulate Decrypt DeleteAlias DeleteImportedKeyMaterial',
  'DeriveSharedSecret DescribeKey DisableKey DisableKeyRotation EnableKey EnableKeyRotation Encapsulate Encrypt',
  'GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext',
  'GenerateMac GetKeyLastUsage GetKeyPolicy GetKeyRotationStatus GetParametersForImport GetPublicKey',
  'ImportKeyMaterial ListGrants ListKeyPolicies ListKeyRotations ListResourceTags PutKeyPolicy ReEncryptFrom',
  'ReEncryptTo ReplicateKey RevokeGrant RotateKeyOnDemand ScheduleKeyDeletion Sign SynchronizeMultiRegionKey',
  'TagResource UntagResource UpdateAlias UpdateKeyDescription UpdatePrimaryRegion Verify VerifyMac',
].flatMap((line) => line.split(' '))

const row = (name: string): KmsAction => ({
  action: `kms:${name}`,
  folded: foldAction(`kms:${name}`),
  inKeyPolicy: !IDENTITY_ONLY.includes(name) && !GRANTS_ONLY.includes(name),
  attestable: ATTESTABLE.has(name),
})

/** Every permission of AWS KMS (AWS Service Authorization Reference, AWS Key Management Service). */
export const KMS_ACTIONS: readonly KmsAction[] = [...IDENTITY_ONLY, ...GRANTS_ONLY, ...OTHERS].map(row)

/**
 * What brings a secret of the key out: the four attested operations on a key, and the half of `ReEncrypt` that opens a
 * ciphertext, since under another key it may then be opened without a document. The `WithoutPlaintext` twins and
 * `ReEncryptTo` bring nothing out.
 */
export const SECRET_ACTIONS: readonly KmsAction[] = [
  'Decrypt',
  'DeriveSharedSecret',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'ReEncryptFrom',
].map(row)
