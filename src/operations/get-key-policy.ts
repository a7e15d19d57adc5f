import { requireDefaultPolicy } from './key-policy-name.ts'
import { keyId, policyName } from './members.ts'
import { KEY_MANAGEMENT_ERRORS } from './model-errors.ts'
import { defineOperation } from './operation.ts'

/** Shows the policy of a key, as the text that was put. */
export const GetKeyPolicy = defineOperation({
  name: 'GetKeyPolicy',
  permission: 'kms:GetKeyPolicy',
  input: { KeyId: keyId, PolicyName: policyName },
  errors: KEY_MANAGEMENT_ERRORS,
  find: (input, lookup) => lookup.keyToManage(input.KeyId),
  check(input) {
    requireDefaultPolicy(input.PolicyName)
  },
  handle: async (input, { key }) => ({ Policy: key.record.policy, PolicyName: input.PolicyName }),
})
