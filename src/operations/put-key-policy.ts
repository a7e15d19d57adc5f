import { lintLogLines } from '../lint/log-lines.ts'
import { changeKey } from './change-key.ts'
import { flag, optional } from './fields.ts'
import { requireDefaultPolicy } from './key-policy-name.ts'
import { keyId, policyName, policyText } from './members.ts'
import { KEY_MANAGEMENT_ERRORS } from './model-errors.ts'
import { checkNewKeyPolicy } from './new-key-policy.ts'
import { defineOperation } from './operation.ts'

/** Replaces the policy of a key. */
export const PutKeyPolicy = defineOperation({
  name: 'PutKeyPolicy',
  permission: 'kms:PutKeyPolicy',
  input: {
    KeyId: keyId,
    PolicyName: policyName,
    Policy: policyText,
    BypassPolicyLockoutSafetyCheck: optional(flag),
  },
  errors: [
    ...KEY_MANAGEMENT_ERRORS,
    'MalformedPolicyDocumentException',
    'UnsupportedOperationException',
    'LimitExceededException',
  ],
  find: (input, lookup) => lookup.keyToManage(input.KeyId),
  check(input, { key, call, services }) {
    requireDefaultPolicy(input.PolicyName)
    const bypassLockoutCheck = input.BypassPolicyLockoutSafetyCheck ?? false
    checkNewKeyPolicy({ ...key.record, policy: input.Policy }, { services, call, bypassLockoutCheck })
  },
  async handle(input, scene) {
    await changeKey('PutKeyPolicy', scene, (record) => ({ ...record, policy: input.Policy }))
    return null
  },
  warnings: (input, { key }) => lintLogLines(input.Policy, { kind: 'key', keyArn: key.arn }),
})
