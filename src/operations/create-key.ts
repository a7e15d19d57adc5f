import { KEY_SPECS, KEY_USAGES } from '../keys/key-spec.ts'
import { lintLogLines } from '../lint/log-lines.ts'
import type { KeyRecord } from '../store/key-store.ts'
import { defaultKeyPolicy } from './default-key-policy.ts'
import type { InputOf } from './field.ts'
import { flag, oneOf, optional, text, withDefault } from './fields.ts'
import { toKeyMetadata } from './key-metadata.ts'
import { customKeyStoreId, policyText, tags } from './members.ts'
import { ORIGINS } from './model.ts'
import { newKeyKind, requestedKind } from './new-key-kind.ts'
import { checkNewKeyPolicy } from './new-key-policy.ts'
import { defineOperation, type Scene } from './operation.ts'
import { ACCOUNT, type Resource } from './subject.ts'
import { toTags } from './tags.ts'

/** `CustomerMasterKeySpec` is the older name of `KeySpec`; later specs were not added to it. */
const OLDER_KEY_SPECS = KEY_SPECS.filter((spec) => !/^ML_|_EDWARDS/.test(spec))

const input = {
  Policy: optional(policyText),
  Description: withDefault(text({ min: 0, max: 8192 }), ''),
  KeyUsage: optional(oneOf(KEY_USAGES)),
  CustomerMasterKeySpec: optional(oneOf(OLDER_KEY_SPECS)),
  KeySpec: optional(oneOf(KEY_SPECS)),
  Origin: withDefault(oneOf(ORIGINS), 'AWS_KMS'),
  CustomKeyStoreId: optional(customKeyStoreId),
  BypassPolicyLockoutSafetyCheck: optional(flag),
  Tags: tags,
  MultiRegion: withDefault(flag, false),
  XksKeyId: optional(text({ min: 1, max: 128, pattern: '^[a-zA-Z0-9-_.]+$' })),
}

const [ANY] = ACCOUNT.resources
/** Tags are a permission of their own (AWS KMS Developer Guide, Controlling access to tags). */
const WITH_TAGS: readonly Resource[] = ACCOUNT.resources.concat(
  ANY ? { ...ANY, permission: 'kms:TagResource' } : [],
)

/** Makes a key with fresh material. Identity policies decide alone: there is no key policy yet. */
export const CreateKey = defineOperation({
  name: 'CreateKey',
  permission: 'kms:CreateKey',
  input,
  errors: [
    'MalformedPolicyDocumentException',
    'DependencyTimeoutException',
    'InvalidArnException',
    'UnsupportedOperationException',
    'KMSInternalException',
    'LimitExceededException',
    'TagException',
  ],
  conditionKeys(members, { caller }) {
    const { keySpec, keyUsage } = requestedKind(members)
    return {
      'kms:CallerAccount': caller.principal.accountId,
      'kms:KeySpec': keySpec,
      'kms:KeyUsage': keyUsage,
      'kms:CustomerMasterKeySpec': keySpec,
      'kms:CustomerMasterKeyUsage': keyUsage,
      'kms:KeyOrigin': members.Origin,
      'kms:MultiRegion': `${members.MultiRegion}`,
      ...Object.fromEntries(
        members.Tags.map(({ TagKey, TagValue }) => [`aws:RequestTag/${TagKey}`, TagValue]),
      ),
      'aws:TagKeys': members.Tags.map(({ TagKey }) => TagKey),
    }
  },
  find: async ({ Tags }) => (Tags.length === 0 ? ACCOUNT : { key: null, resources: WITH_TAGS }),
  async handle(members, scene) {
    const { services, call } = scene
    const key = toKeyRecord(members, scene)
    if (members.Policy !== undefined) {
      const bypassLockoutCheck = members.BypassPolicyLockoutSafetyCheck ?? false
      checkNewKeyPolicy(key, { services, call, bypassLockoutCheck })
    }
    const material = services.keyRing.createMaterial(key)
    const record = { ...key, currentMaterialId: material.materialId }
    await services.store.createKey(record, material)
    return { KeyMetadata: toKeyMetadata(record) }
  },
  warnings: ({ Policy }) => (Policy === undefined ? [] : lintLogLines(Policy, { kind: 'key' })),
})

/** The key as it will be, but for its material. */
function toKeyRecord(members: InputOf<typeof input>, { scope, services, newKeyId }: Scene): KeyRecord {
  const { keySpec, keyUsage } = newKeyKind(members)
  return {
    ...scope,
    keyId: newKeyId(),
    description: members.Description,
    keySpec,
    keyUsage,
    origin: members.Origin,
    keyState: 'Enabled',
    creationDate: services.clock.now(),
    deletionDate: null,
    policy: members.Policy ?? defaultKeyPolicy(scope),
    currentMaterialId: '',
    tags: toTags(members.Tags),
  }
}
