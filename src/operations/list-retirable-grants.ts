import { parseArn } from '../core/arn.ts'
import type { GrantRecord } from '../store/key-store.ts'
import type { AnswerBody } from './answer-body.ts'
import { KmsError } from './errors.ts'
import { optional } from './fields.ts'
import { toGrantEntry } from './grant-entry.ts'
import { principalId, servicePrincipal } from './grant-members.ts'
import { findLiveKey } from './live-key.ts'
import { limit, marker } from './members.ts'
import { defineOperation } from './operation.ts'
import { pageMembers, pageRequest } from './page-marker.ts'
import type { Services } from './services.ts'
import { ACCOUNT } from './subject.ts'

/** Lists the grants of the Region that a principal of the caller's account may retire. Identity policies alone decide. */
export const ListRetirableGrants = defineOperation({
  name: 'ListRetirableGrants',
  permission: 'kms:ListRetirableGrants',
  input: {
    RetiringPrincipal: optional(principalId),
    RetiringServicePrincipal: optional(servicePrincipal),
    Limit: limit({ max: 100, ifAbsent: 50 }),
    Marker: marker,
  },
  errors: [
    'DependencyTimeoutException',
    'InvalidMarkerException',
    'InvalidArnException',
    'NotFoundException',
    'KMSInternalException',
  ],
  find: async () => ACCOUNT,
  check({ RetiringPrincipal, RetiringServicePrincipal }, { scope }) {
    if ((RetiringPrincipal === undefined) === (RetiringServicePrincipal === undefined)) {
      throw new KmsError(
        'ValidationException',
        'Exactly one of RetiringPrincipal and RetiringServicePrincipal is required.',
      )
    }
    if (RetiringPrincipal === undefined) return
    const owner = parseArn(RetiringPrincipal)?.accountId ?? RetiringPrincipal
    if (owner !== scope.accountId) {
      throw new KmsError('InvalidArnException', `Invalid principal: ${RetiringPrincipal}`)
    }
  },
  async handle({ RetiringPrincipal, Limit, Marker }, { scope: { region }, services }) {
    // No grant here is to be retired by a service.
    if (RetiringPrincipal === undefined) return { Grants: [], Truncated: false }
    const page = await services.store.listRetirableGrants(
      { region, retiringPrincipal: RetiringPrincipal },
      pageRequest('ListRetirableGrants', Limit, Marker),
    )
    const entries = await Promise.all(page.items.map((grant) => toLiveEntry(services, grant)))
    return {
      Grants: entries.flat(),
      ...pageMembers('ListRetirableGrants', page, (grant) => grant.grantId),
    }
  },
})

/** A grant goes with its key. */
async function toLiveEntry(
  services: Pick<Services, 'store' | 'clock'>,
  grant: GrantRecord,
): Promise<readonly AnswerBody[]> {
  const key = await findLiveKey(services, grant)
  return key ? [toGrantEntry(grant, key)] : []
}
