import type { Role } from '../identity/principal.ts'
import { callConditionKeys } from '../operations/call-condition-keys.ts'
import type { ConditionEntries, ConditionKeys } from '../operations/condition-keys.ts'
import type { AssumeRoleInput } from './assume-role-input.ts'
import type { StsCall } from './call.ts'

/** What a request asks for, as far as policies can ask about it. */
interface AskedFor {
  readonly input: AssumeRoleInput
  /** That of the request, or of the session that makes it. */
  readonly sourceIdentity: string | null
}

/**
 * What policies can ask about a request to assume a role (Service Authorization Reference, Condition keys for AWS Security
 * Token Service; IAM User Guide, AWS global condition context keys).
 */
export function roleConditionKeys(call: StsCall, role: Role | undefined, asked: AskedFor): ConditionKeys {
  return new Map([...callConditionKeys(call), ...requestKeys(asked), ...(role ? resourceKeys(role) : [])])
}

function requestKeys({ input, sourceIdentity }: AskedFor): ConditionEntries {
  const { roleSessionName, externalId, tags, transitiveTagKeys } = input
  return [
    ['sts:RoleSessionName', roleSessionName],
    ...(externalId === undefined ? [] : [['sts:ExternalId', externalId] as const]),
    ...(sourceIdentity === null ? [] : [['sts:SourceIdentity', sourceIdentity] as const]),
    ...(transitiveTagKeys.length === 0 ? [] : [['sts:TransitiveTagKeys', transitiveTagKeys] as const]),
    ...tags.map(({ key, value }) => [`aws:RequestTag/${key}`, value] as const),
    ...(tags.length === 0 ? [] : [['aws:TagKeys', tags.map(({ key }) => key)] as const]),
  ]
}

function resourceKeys({ accountId, tags }: Role): ConditionEntries {
  return [
    ['aws:ResourceAccount', accountId],
    ...tags.flatMap(({ key, value }) => [
      [`aws:ResourceTag/${key}`, value] as const,
      [`iam:ResourceTag/${key}`, value] as const,
    ]),
  ]
}
