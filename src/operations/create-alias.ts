import { aliasResource, refuseAliasAsTarget, requireAliasName } from './alias-name.ts'
import { ALIASES_PER_KEY, fromAliasError } from './from-store-error.ts'
import { aliasName, keyId } from './members.ts'
import { defineOperation } from './operation.ts'

/** Gives a key a second name. Allowed on the alias and on the key. */
export const CreateAlias = defineOperation({
  name: 'CreateAlias',
  permission: 'kms:CreateAlias',
  input: { AliasName: aliasName, TargetKeyId: keyId },
  errors: [
    'DependencyTimeoutException',
    'AlreadyExistsException',
    'NotFoundException',
    'InvalidAliasNameException',
    'KMSInternalException',
    'LimitExceededException',
    'KMSInvalidStateException',
  ],
  async find({ AliasName, TargetKeyId }, lookup) {
    requireAliasName(AliasName)
    refuseAliasAsTarget(TargetKeyId)
    const target = await lookup.keyToManage(TargetKeyId)
    return { ...target, resources: [aliasResource(lookup.scope, AliasName), ...target.resources] }
  },
  async handle({ AliasName }, { key, scope, services }) {
    const { keyId: targetKeyId } = key.record
    const now = services.clock.now()
    const alias = {
      ...scope,
      aliasName: AliasName,
      targetKeyId,
      creationDate: now,
      lastUpdatedDate: now,
    }
    try {
      await services.store.createAlias(alias, ALIASES_PER_KEY)
    } catch (error) {
      throw fromAliasError(error, { scope, aliasName: AliasName, keyId: targetKeyId })
    }
    return null
  },
})
