import { keyId, limit, marker } from './members.ts'
import { KEY_MANAGEMENT_ERRORS } from './model-errors.ts'
import { defineOperation } from './operation.ts'
import { invalidMarker } from './page-marker.ts'

/** Lists the names of a key's policies: always the one, `default`. */
export const ListKeyPolicies = defineOperation({
  name: 'ListKeyPolicies',
  permission: 'kms:ListKeyPolicies',
  input: { KeyId: keyId, Limit: limit({ max: 1000, ifAbsent: 100 }), Marker: marker },
  errors: KEY_MANAGEMENT_ERRORS,
  find: (input, lookup) => lookup.keyToManage(input.KeyId),
  check({ Marker }) {
    // The list fits on any page, so no marker was ever handed out.
    if (Marker !== undefined) throw invalidMarker()
  },
  handle: async () => ({ PolicyNames: ['default'], Truncated: false }),
})
