import { isContextTooLarge } from '../keys/encryption-context.ts'
import type { Call } from './call.ts'
import type { FoundKey, Resource } from './subject.ts'

/** What policies can ask of a request: condition keys and their values. */
export type ConditionKeys = ReadonlyMap<string, string | readonly string[]>

/** Some of them, to be put together. */
export type ConditionEntries = readonly (readonly [string, string | readonly string[]])[]

/**
 * What the resource gives; an operation on none has neither these nor the caller's account, nor the service that calls
 * for him (KMS Developer Guide, Condition keys).
 */
export function resourceConditionKeys(
  { arn, key }: Pick<Resource, 'arn' | 'key'>,
  { caller, origin }: Pick<Call, 'caller' | 'origin'>,
): ConditionEntries {
  if (arn === '*') return []
  return [
    ['kms:CallerAccount', caller.principal.accountId],
    ...(origin.viaService === null ? [] : [['kms:ViaService', origin.viaService] as const]),
    ...(key ? keyConditionKeys(key) : []),
  ]
}

/** All aliases of the key, where they were looked up; absent where the key has none. */
export function aliasConditionKeys(
  aliases: ReadonlyMap<string, readonly string[]>,
  { key }: Pick<Resource, 'key'>,
): ConditionEntries {
  const names = (key && aliases.get(key.record.keyId)) ?? []
  return names.length === 0 ? [] : [['kms:ResourceAliases', names]]
}

/** What the members of a request give, by the name of the member, whatever the operation. */
export function memberConditionKeys(input: Readonly<Record<string, unknown>>): ConditionEntries {
  const { EncryptionContext: context } = input
  return [
    ...(context instanceof Map ? encryptionContextKeys(context) : []),
    ...MEMBERS.flatMap(([member, name]): ConditionEntries => {
      const value = input[member]
      return typeof value === 'string' || typeof value === 'boolean' ? [[name, `${value}`]] : []
    }),
  ]
}

const MEMBERS = [
  ['EncryptionAlgorithm', 'kms:EncryptionAlgorithm'],
  ['KeyPairSpec', 'kms:DataKeyPairSpec'],
  ['KeyAgreementAlgorithm', 'kms:KeyAgreementAlgorithm'],
  ['BypassPolicyLockoutSafetyCheck', 'kms:BypassPolicyLockoutSafetyCheck'],
] as const

/**
 * `kms:EncryptionContextKeys` is absent where there is no context (KMS Developer Guide). A context that is too large
 * gives nothing: `run.ts` refuses it whatever policies say, and holding it against their patterns could take seconds.
 */
function encryptionContextKeys(context: ReadonlyMap<string, string>): ConditionEntries {
  if (context.size === 0 || isContextTooLarge(context)) return []
  return [
    ...[...context].map(([key, value]) => [`kms:EncryptionContext:${key}`, value] as const),
    ['kms:EncryptionContextKeys', [...context.keys()]],
  ]
}

function keyConditionKeys({ record, requestAlias }: FoundKey): ConditionEntries {
  return [
    ['kms:KeySpec', record.keySpec],
    ['kms:KeyUsage', record.keyUsage],
    ['kms:CustomerMasterKeySpec', record.keySpec],
    ['kms:CustomerMasterKeyUsage', record.keyUsage],
    ['kms:KeyOrigin', record.origin],
    ['kms:MultiRegion', `${record.keyId.startsWith('mrk-')}`],
    ['aws:ResourceAccount', record.accountId],
    ...record.tags.map(({ key, value }) => [`aws:ResourceTag/${key}`, value] as const),
    ...(requestAlias === null ? [] : [['kms:RequestAlias', requestAlias] as const]),
  ]
}
