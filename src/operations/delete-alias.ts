import { aliasResource, requireAliasName } from './alias-name.ts'
import { aliasNotFound, keyResource } from './found-key.ts'
import { aliasName } from './members.ts'
import { defineOperation } from './operation.ts'

/** Removes an alias. Allowed on the alias and on the key that it names. */
export const DeleteAlias = defineOperation({
  name: 'DeleteAlias',
  permission: 'kms:DeleteAlias',
  input: { AliasName: aliasName },
  errors: [
    'DependencyTimeoutException',
    'NotFoundException',
    'KMSInternalException',
    'KMSInvalidStateException',
  ],
  async find({ AliasName }, lookup) {
    requireAliasName(AliasName)
    const key = await lookup.keyOfAlias(AliasName)
    return { key, resources: [aliasResource(lookup.scope, AliasName), keyResource(key, lookup.scope)] }
  },
  async handle({ AliasName }, { scope, services }) {
    const deleted = await services.store.deleteAlias(scope, AliasName)
    if (!deleted) throw aliasNotFound(scope, AliasName)
    return null
  },
})
