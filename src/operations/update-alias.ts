import { aliasResource, refuseAliasAsTarget, requireAliasName } from './alias-name.ts'
import { KmsError } from './errors.ts'
import { ALIASES_PER_KEY, fromAliasError } from './from-store-error.ts'
import { aliasNotFound, keyResource } from './found-key.ts'
import { aliasName, keyId } from './members.ts'
import { defineOperation } from './operation.ts'
import type { FoundKey } from './subject.ts'

/** Points an alias at another key. Allowed on the alias and on both keys. */
export const UpdateAlias = defineOperation({
  name: 'UpdateAlias',
  permission: 'kms:UpdateAlias',
  input: { AliasName: aliasName, TargetKeyId: keyId },
  errors: [
    'DependencyTimeoutException',
    'NotFoundException',
    'KMSInternalException',
    'LimitExceededException',
    'KMSInvalidStateException',
  ],
  async find({ AliasName, TargetKeyId }, lookup) {
    requireAliasName(AliasName)
    refuseAliasAsTarget(TargetKeyId)
    const current = await lookup.keyOfAlias(AliasName)
    const target = await lookup.keyToManage(TargetKeyId)
    const resources = [
      aliasResource(lookup.scope, AliasName),
      keyResource(current, lookup.scope),
      ...target.resources,
    ]
    return { ...target, current, resources }
  },
  check(_, { current, key }) {
    if (isSameKind(current, key)) return
    const text =
      'The key that the alias names and the new one must be of the same kind and have the same key usage.'
    throw new KmsError('ValidationException', text)
  },
  async handle({ AliasName }, { key, scope, services }) {
    const target = { keyId: key.record.keyId, at: services.clock.now(), limitForKey: ALIASES_PER_KEY }
    try {
      const updated = await services.store.updateAlias(scope, AliasName, target)
      if (!updated) throw aliasNotFound(scope, AliasName)
    } catch (error) {
      throw fromAliasError(error, { scope, aliasName: AliasName, keyId: target.keyId })
    }
    return null
  },
})

/** Symmetric, asymmetric or HMAC, and for the same use: else programs that use the alias would break. */
function isSameKind({ record: a }: FoundKey, { record: b }: FoundKey): boolean {
  return a.keyUsage === b.keyUsage && kindOf(a.keySpec) === kindOf(b.keySpec)
}

function kindOf(keySpec: string): string {
  return /^(?:SYMMETRIC|HMAC)/.exec(keySpec)?.[0] ?? 'asymmetric'
}
