import { toKeyArn } from '../core/arn.ts'
import { isDue } from './live-key.ts'
import { limit, marker } from './members.ts'
import { defineOperation } from './operation.ts'
import { pageMembers, pageRequest } from './page-marker.ts'
import { ACCOUNT } from './subject.ts'

/** Lists the keys of the caller's account and Region. */
export const ListKeys = defineOperation({
  name: 'ListKeys',
  permission: 'kms:ListKeys',
  input: { Limit: limit({ max: 1000, ifAbsent: 100 }), Marker: marker },
  errors: ['DependencyTimeoutException', 'KMSInternalException', 'InvalidMarkerException'],
  find: async () => ACCOUNT,
  async handle({ Limit, Marker }, { scope, services }) {
    const page = await services.store.listKeys(scope, pageRequest('ListKeys', Limit, Marker))
    const now = services.clock.now()
    return {
      Keys: page.items
        .filter((key) => !isDue(key, now))
        .map((key) => ({ KeyId: key.keyId, KeyArn: toKeyArn(key, key.keyId) })),
      ...pageMembers('ListKeys', page, (key) => key.keyId),
    }
  },
})
