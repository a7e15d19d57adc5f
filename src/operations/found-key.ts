import { toAliasArn, toKeyArn } from '../core/arn.ts'
import type { AccountScope, KeyRecord } from '../store/key-store.ts'
import { OF_OTHER_ACCOUNT } from './access-denied.ts'
import { KmsError } from './errors.ts'
import type { FoundKey, Resource } from './subject.ts'

/** A key as it was found. */
export function toFoundKey(record: KeyRecord, requestAlias: string | null = null): FoundKey {
  return { record, arn: toKeyArn(record, record.keyId), requestAlias }
}

/** A key as policies are asked about it. `scope` is the caller's. */
export function keyResource(key: FoundKey, { accountId }: AccountScope): Resource {
  const own = key.record.accountId === accountId
  return { arn: key.arn, key, phrase: own ? `on resource: ${key.arn}` : OF_OTHER_ACCOUNT }
}

/** The refusal for a key of the caller's own account that does not exist. */
export function keyNotFound(scope: AccountScope, keyId: string): KmsError {
  return new KmsError('NotFoundException', `Key '${toKeyArn(scope, keyId)}' does not exist`)
}

/** The refusal for an alias of the caller's own account that does not exist. */
export function aliasNotFound(scope: AccountScope, aliasName: string): KmsError {
  return new KmsError('NotFoundException', `Alias ${toAliasArn(scope, aliasName)} is not found.`)
}
