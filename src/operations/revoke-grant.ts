import { grantNotFound, requireGrantId } from './found-grant.ts'
import { ofGrantCondition } from './grant-condition-keys.ts'
import { grantId } from './grant-members.ts'
import { dryRun, keyId } from './members.ts'
import { KEY_MANAGEMENT_ERRORS } from './model-errors.ts'
import { defineOperation } from './operation.ts'

/** Removes a grant that is no longer wanted. Grants made under it stay: each stands for itself. */
export const RevokeGrant = defineOperation({
  name: 'RevokeGrant',
  permission: 'kms:RevokeGrant',
  input: { KeyId: keyId, GrantId: grantId, DryRun: dryRun },
  errors: [...KEY_MANAGEMENT_ERRORS, 'InvalidGrantIdException', 'DryRunOperationException'],
  conditionKeys: (_, call) => ofGrantCondition(call),
  find: ({ KeyId }, lookup) => lookup.keyToShare(KeyId),
  async check({ GrantId }, { key, services }) {
    requireGrantId(GrantId)
    if (await services.store.findGrant(key.record, GrantId)) return
    throw grantNotFound(GrantId, key.arn)
  },
  async handle({ GrantId }, { key, services }) {
    if (await services.store.deleteGrant(key.record, GrantId)) return null
    throw grantNotFound(GrantId, key.arn)
  },
})
