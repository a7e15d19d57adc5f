import { toAliasArn } from '../core/arn.ts'
import type { AliasRecord } from '../store/key-store.ts'
import type { AnswerBody } from './answer-body.ts'
import { optional } from './fields.ts'
import { findLiveKey } from './live-key.ts'
import { keyId, limit, marker } from './members.ts'
import { defineOperation } from './operation.ts'
import { pageMembers, pageRequest } from './page-marker.ts'
import { ACCOUNT } from './subject.ts'

/** Lists the aliases of the caller's account and Region, or those of one key. Identity policies alone decide. */
export const ListAliases = defineOperation({
  name: 'ListAliases',
  permission: 'kms:ListAliases',
  input: { KeyId: optional(keyId), Limit: limit({ max: 100, ifAbsent: 50 }), Marker: marker },
  errors: [
    'DependencyTimeoutException',
    'InvalidMarkerException',
    'KMSInternalException',
    'InvalidArnException',
    'NotFoundException',
  ],
  async find({ KeyId }, lookup) {
    if (KeyId === undefined) return ACCOUNT
    return { ...ACCOUNT, key: (await lookup.keyToManage(KeyId)).key }
  },
  async handle({ Limit, Marker }, { key, scope, services }) {
    const filter = key === null ? scope : { ...scope, targetKeyId: key.record.keyId }
    const page = await services.store.listAliases(filter, pageRequest('ListAliases', Limit, Marker))
    const isLive = async ({ region, targetKeyId }: AliasRecord): Promise<boolean> =>
      (await findLiveKey(services, { region, keyId: targetKeyId })) !== undefined
    const live = await Promise.all(page.items.map(isLive))
    return {
      Aliases: page.items.filter((_, index) => live[index] === true).map(toEntry),
      ...pageMembers('ListAliases', page, ({ aliasName }) => aliasName),
    }
  },
})

function toEntry(alias: AliasRecord): AnswerBody {
  return {
    AliasName: alias.aliasName,
    AliasArn: toAliasArn(alias, alias.aliasName),
    TargetKeyId: alias.targetKeyId,
    CreationDate: alias.creationDate,
    LastUpdatedDate: alias.lastUpdatedDate,
  }
}
