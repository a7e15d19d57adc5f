import { optional } from './fields.ts'
import { findRetirableGrant, grantNotFound } from './found-grant.ts'
import { grantConditionKeys } from './grant-condition-keys.ts'
import { grantId, grantToken } from './grant-members.ts'
import { dryRun, keyId } from './members.ts'
import { defineOperation } from './operation.ts'

/** Removes a grant that has served its purpose. The grant says who may, or the account of the key does. */
export const RetireGrant = defineOperation({
  name: 'RetireGrant',
  permission: 'kms:RetireGrant',
  input: {
    GrantToken: optional(grantToken),
    KeyId: optional(keyId),
    GrantId: optional(grantId),
    DryRun: dryRun,
  },
  errors: [
    'InvalidArnException',
    'InvalidGrantTokenException',
    'InvalidGrantIdException',
    'NotFoundException',
    'DependencyTimeoutException',
    'KMSInternalException',
    'KMSInvalidStateException',
    'DryRunOperationException',
  ],
  find: (input, lookup) => findRetirableGrant(input, lookup),
  conditionKeys: (_, __, { grant }) => grantConditionKeys(grant.constraints),
  async handle(_, { grant, key, services }) {
    if (await services.store.deleteGrant(grant, grant.grantId)) return null
    throw grantNotFound(grant.grantId, key.arn)
  },
})
