import { isIP } from 'node:net'
import { parseArn } from '../core/arn.ts'
import type { Principal } from '../identity/principal.ts'
import { isContextTooLarge } from '../keys/encryption-context.ts'
import type { Call } from './call.ts'
import type { FoundKey, Resource } from './subject.ts'

/** What policies can ask of a request: condition keys and their values. */
export type ConditionKeys = ReadonlyMap<string, string | readonly string[]>

/** Some of them, to be put together. */
export type ConditionEntries = readonly (readonly [string, string | readonly string[]])[]

const PRINCIPAL_TYPES = { user: 'User', 'role-session': 'AssumedRole', root: 'Account' } as const

/** What the caller and the way of the request give (IAM User Guide, AWS global condition context keys). */
export function callConditionKeys({ caller, sourceAddress, userAgent }: Call): ConditionEntries {
  const { principal, region } = caller
  const keys: (readonly [string, string])[] = [
    ['aws:PrincipalArn', identityArn(principal)],
    ['aws:PrincipalAccount', principal.accountId],
    ['aws:PrincipalType', PRINCIPAL_TYPES[principal.kind]],
    ['aws:PrincipalIsAWSService', 'false'],
    ['aws:ViaAWSService', 'false'],
    ['aws:RequestedRegion', region],
  ]
  if (isIP(sourceAddress) !== 0) keys.push(['aws:SourceIp', sourceAddress])
  if (userAgent !== null) keys.push(['aws:UserAgent', userAgent])
  return keys
}

/** What the resource gives; an operation on none has neither these nor the caller's account (KMS Developer Guide, Condition keys). */
export function resourceConditionKeys(
  { arn, key }: Pick<Resource, 'arn' | 'key'>,
  { accountId }: Principal,
): ConditionEntries {
  if (arn === '*') return []
  return [['kms:CallerAccount', accountId], ...(key ? keyConditionKeys(key) : [])]
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

/** Of a session it is the ARN of its role; the path of a role is lost in session ARNs. */
function identityArn({ arn, kind }: Principal): string {
  const parts = kind === 'role-session' ? parseArn(arn) : undefined
  const [, role] = parts?.resource.split('/') ?? []
  return parts && role ? `arn:${parts.partition}:iam::${parts.accountId}:role/${role}` : arn
}
