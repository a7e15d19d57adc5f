import { toHex } from '../core/bytes.ts'
import { StoreError } from '../store/errors.ts'
import type { GrantRecord } from '../store/key-store.ts'
import { KmsError } from './errors.ts'
import { optional } from './fields.ts'
import { checkNewGrant } from './check-new-grant.ts'
import { grantConditionKeys, ofGrantCondition } from './grant-condition-keys.ts'
import {
  type ConstraintMembers,
  grantConstraints,
  grantName,
  grantOperations,
  principalId,
  servicePrincipal,
} from './grant-members.ts'
import { dryRun, grantTokens, keyId } from './members.ts'
import { defineOperation } from './operation.ts'
import { refuseOtherCasing } from './other-casing.ts'
import type { GrantExtent } from './wider-grant.ts'

/** AWS KMS Developer Guide, Resource quotas: grants for each key. */
const GRANTS_PER_KEY = 50_000

const input = {
  KeyId: keyId,
  GranteePrincipal: optional(principalId),
  GranteeServicePrincipal: optional(servicePrincipal),
  RetiringPrincipal: optional(principalId),
  RetiringServicePrincipal: optional(servicePrincipal),
  Operations: grantOperations,
  Constraints: optional(grantConstraints),
  GrantTokens: grantTokens,
  Name: optional(grantName),
  DryRun: dryRun,
}

/** Adds a grant to a key. Retried with the same name and members it answers the same grant, with a fresh token. */
export const CreateGrant = defineOperation({
  name: 'CreateGrant',
  permission: 'kms:CreateGrant',
  input,
  errors: [
    'NotFoundException',
    'DisabledException',
    'DependencyTimeoutException',
    'InvalidArnException',
    'KMSInternalException',
    'InvalidGrantTokenException',
    'LimitExceededException',
    'KMSInvalidStateException',
    'DryRunOperationException',
  ],
  conditionKeys: (members, call) => ({
    ...ofGrantCondition(call),
    ...grantConditionKeys(toExtent(members).constraints),
    'kms:GrantOperations': toExtent(members).operations,
    ...(members.GranteePrincipal !== undefined && { 'kms:GranteePrincipal': members.GranteePrincipal }),
    ...(members.RetiringPrincipal !== undefined && { 'kms:RetiringPrincipal': members.RetiringPrincipal }),
  }),
  newGrant: (members) => toExtent(members),
  find: ({ KeyId }, lookup) => lookup.keyToShare(KeyId),
  check(members, { call, key, services }) {
    refuseOtherCasing(call.input, ['Constraints'])
    checkNewGrant({ ...members, ...toExtent(members) }, { key, services })
  },
  async handle(members, { key, scope, services, newGrantId }) {
    const { region, keyId: id } = key.record
    const grant: GrantRecord = {
      region,
      keyId: id,
      grantId: toHex(newGrantId()),
      name: members.Name ?? '',
      granteePrincipal: members.GranteePrincipal ?? '',
      retiringPrincipal: members.RetiringPrincipal ?? null,
      ...toExtent(members),
      issuingAccountId: scope.accountId,
      creationDate: services.clock.now(),
    }
    const made = await services.store.createGrant(grant, GRANTS_PER_KEY).catch((error: unknown) => {
      throw fromGrantError(error, key.arn)
    })
    return { GrantToken: services.grantTokens.make(made), GrantId: made.grantId }
  },
})

/** How far the grant goes that is asked for: operations in one order, none twice. */
function toExtent({
  Operations,
  Constraints,
}: {
  readonly Operations: readonly string[]
  readonly Constraints: ConstraintMembers | undefined
}): GrantExtent {
  const {
    encryptionContextEquals = null,
    encryptionContextSubset = null,
    sourceArn = null,
  } = Constraints ?? {}
  return {
    operations: [...new Set(Operations)].sort(),
    constraints: { encryptionContextEquals, encryptionContextSubset, sourceArn },
  }
}

function fromGrantError(error: unknown, arn: string): unknown {
  if (!(error instanceof StoreError)) return error
  const options = { cause: error }
  if (error.code === 'KEY_NOT_FOUND') {
    return new KmsError('NotFoundException', `Key '${arn}' does not exist`, options)
  }
  if (error.code !== 'GRANT_LIMIT') return error
  return new KmsError('LimitExceededException', `${arn} already has ${GRANTS_PER_KEY} grants.`, options)
}
