import { KmsError } from './errors.ts'
import { optional } from './fields.ts'
import { ofGrantCondition } from './grant-condition-keys.ts'
import { toGrantEntry } from './grant-entry.ts'
import { requireGrantId } from './found-grant.ts'
import { grantId, principalId, servicePrincipal } from './grant-members.ts'
import { keyId, limit, marker } from './members.ts'
import { KEY_MANAGEMENT_ERRORS } from './model-errors.ts'
import { defineOperation } from './operation.ts'
import { pageMembers, pageRequest } from './page-marker.ts'

/** Lists the grants of a key: all, one, or those of a grantee. */
export const ListGrants = defineOperation({
  name: 'ListGrants',
  permission: 'kms:ListGrants',
  input: {
    KeyId: keyId,
    GrantId: optional(grantId),
    GranteePrincipal: optional(principalId),
    GranteeServicePrincipal: optional(servicePrincipal),
    Limit: limit({ max: 100, ifAbsent: 50 }),
    Marker: marker,
  },
  errors: [...KEY_MANAGEMENT_ERRORS, 'InvalidMarkerException', 'InvalidGrantIdException'],
  conditionKeys: (_, call) => ofGrantCondition(call),
  find: ({ KeyId }, lookup) => lookup.keyToShare(KeyId),
  check({ GrantId, GranteePrincipal, GranteeServicePrincipal }) {
    if (GrantId !== undefined) requireGrantId(GrantId)
    if (GranteePrincipal === undefined || GranteeServicePrincipal === undefined) return
    throw new KmsError(
      'ValidationException',
      'GranteePrincipal and GranteeServicePrincipal cannot be given together.',
    )
  },
  async handle({ GrantId, GranteePrincipal, GranteeServicePrincipal, Limit, Marker }, { key, services }) {
    const { record } = key
    // No grant here is to a service.
    if (GranteeServicePrincipal !== undefined) return { Grants: [], Truncated: false }
    if (GrantId !== undefined) {
      const grant = await services.store.findGrant(record, GrantId)
      const fits = grant && (GranteePrincipal ?? grant.granteePrincipal) === grant.granteePrincipal
      return { Grants: fits ? [toGrantEntry(grant, record)] : [], Truncated: false }
    }
    const { region, keyId: id } = record
    const page = await services.store.listGrants(
      { region, keyId: id, ...(GranteePrincipal !== undefined && { granteePrincipal: GranteePrincipal }) },
      pageRequest('ListGrants', Limit, Marker),
    )
    return {
      Grants: page.items.map((grant) => toGrantEntry(grant, record)),
      ...pageMembers('ListGrants', page, (grant) => grant.grantId),
    }
  },
})
