import { type CiphertextBlob, parseCiphertextBlob } from '../keys/ciphertext-blob.ts'
import type { AccountScope, GrantRecord } from '../store/key-store.ts'
import { accessDenied, OF_CIPHERTEXT, OF_OTHER_ACCOUNT } from './access-denied.ts'
import type { Call } from './call.ts'
import { KmsError, type KmsErrorCode } from './errors.ts'
import { aliasNotFound, keyNotFound, keyResource, toFoundKey } from './found-key.ts'
import { identifyKey } from './identify-key.ts'
import { findLiveKey } from './live-key.ts'
import type { Services } from './services.ts'
import type { FoundKey, KeySubject } from './subject.ts'

/** A key and the ciphertext that it was found for; `null` where a dry run goes without one. */
export interface CiphertextSubject extends KeySubject {
  readonly blob: CiphertextBlob | null
  readonly wrongKey: boolean
}

/**
 * Finds what a request works on. All methods reject with `KmsError`, or with `KeysError` for identifiers and
 * ciphertexts that cannot be read. A key of another account that is not there is refused in the same words as one that
 * does not let the caller in.
 */
export interface KeyLookup {
  /** The caller's account and Region. */
  readonly scope: AccountScope
  /** The key to use or to read, by any form of identifier; an ARN may name another account's. */
  keyToUse(identifier: string): Promise<KeySubject>
  /** The key to administer, by id or key ARN; AWS KMS does not administer keys across accounts. */
  keyToManage(identifier: string): Promise<KeySubject>
  /** The key whose grants are asked for, by id or key ARN, which may name another account's. */
  keyToShare(identifier: string): Promise<KeySubject>
  /** The refusal about a key of another account that may or may not be there. */
  denied(): KmsError
  /** A grant of a key that was found. */
  grantOfKey(subject: KeySubject, grantId: string): Promise<GrantRecord | undefined>
  /** The grant of a token, with its key; `undefined` where the token is none, or one or the other is gone. */
  grantOfToken(
    token: string,
  ): Promise<{ readonly subject: KeySubject; readonly grant: GrantRecord } | undefined>
  /** The key to decrypt with: the one that is named, or else the one of the ciphertext. One of the two is given. */
  keyOfCiphertext(bytes: Uint8Array | null, identifier: string | undefined): Promise<CiphertextSubject>
  /** The key behind an alias of the caller's account. */
  keyOfAlias(aliasName: string): Promise<FoundKey>
}

/** The operation that looks, as far as refusals depend on it. */
interface Looker {
  readonly permission: string
  readonly errors: readonly KmsErrorCode[]
}

interface Search {
  readonly services: Pick<Services, 'store' | 'clock' | 'grantTokens'>
  readonly scope: AccountScope
  readonly errors: readonly KmsErrorCode[]
  /** The refusal for a key that may or may not be there. */
  readonly denied: (phrase: string) => KmsError
}

/** Makes the look-up for one request of one operation. */
export function createKeyLookup(
  services: Pick<Services, 'store' | 'clock' | 'grantTokens'>,
  { permission, errors }: Looker,
  { caller }: Call,
): KeyLookup {
  const { principal, region } = caller
  const scope = { accountId: principal.accountId, region }
  const denied = (phrase: string): KmsError =>
    accessDenied({ principal, permission, phrase, clause: 'foreign-resource' })
  const search: Search = { services, scope, errors, denied }
  return {
    scope,
    keyToUse: async (identifier) => toSubject(search, await byIdentifier(search, identifier)),
    keyToManage: async (identifier) => toSubject(search, await byManagedIdentifier(search, identifier)),
    keyToShare: async (identifier) => toSubject(search, await bySharedIdentifier(search, identifier)),
    denied: () => denied(OF_OTHER_ACCOUNT),
    grantOfKey: ({ key }, grantId) => services.store.findGrant(key.record, grantId),
    grantOfToken: (token) => byGrantToken(search, token),
    keyOfCiphertext: (bytes, identifier) => byCiphertext(search, bytes, identifier),
    keyOfAlias: async (aliasName) => toFoundKey((await byAlias(search, aliasName, scope.accountId)).record),
  }
}

function toSubject({ scope }: Search, key: FoundKey): KeySubject {
  return { key, resources: [keyResource(key, scope)] }
}

async function byIdentifier(search: Search, identifier: string): Promise<FoundKey> {
  const { accountId, region } = search.scope
  const named = identifyKey(identifier, region, search.errors)
  const owner = 'accountId' in named ? named.accountId : accountId
  return 'aliasName' in named ? byAlias(search, named.aliasName, owner) : byId(search, named.keyId, owner)
}

async function byManagedIdentifier(search: Search, identifier: string): Promise<FoundKey> {
  const { keyId, accountId } = identifyWithoutAlias(search, identifier)
  if (accountId !== search.scope.accountId) throw search.denied(OF_OTHER_ACCOUNT)
  return byId(search, keyId, accountId)
}

async function bySharedIdentifier(search: Search, identifier: string): Promise<FoundKey> {
  const { keyId, accountId } = identifyWithoutAlias(search, identifier)
  return byId(search, keyId, accountId)
}

function identifyWithoutAlias(
  { scope, errors }: Search,
  identifier: string,
): { readonly keyId: string; readonly accountId: string } {
  const named = identifyKey(identifier, scope.region, errors)
  if (named.kind === 'alias-name' || named.kind === 'alias-arn') {
    throw new KmsError('NotFoundException', `Invalid keyId '${identifier}'`)
  }
  return { keyId: named.keyId, accountId: named.kind === 'key-arn' ? named.accountId : scope.accountId }
}

async function byGrantToken(
  search: Search,
  token: string,
): Promise<{ readonly subject: KeySubject; readonly grant: GrantRecord } | undefined> {
  const { store, grantTokens } = search.services
  const reference = grantTokens.open(token)
  // A request works on keys of its own Region only.
  if (reference?.region !== search.scope.region) return undefined
  const grant = await store.findGrant(reference, reference.grantId)
  const record = grant && (await findLiveKey(search.services, grant))
  return record && { subject: toSubject(search, toFoundKey(record)), grant }
}

async function byCiphertext(
  search: Search,
  bytes: Uint8Array | null,
  identifier: string | undefined,
): Promise<CiphertextSubject> {
  const { region } = search.scope
  const blob = bytes && parseCiphertextBlob(bytes)
  const ofBlob = blob ? await findLiveKey(search.services, { region, keyId: blob.keyId }) : undefined
  if (identifier === undefined) {
    if (!ofBlob) throw search.denied(OF_CIPHERTEXT)
    const key = toFoundKey(ofBlob)
    return { key, resources: [{ arn: key.arn, key, phrase: OF_CIPHERTEXT }], blob, wrongKey: false }
  }
  // A bare key id reaches into another account where it is the one of the ciphertext (API Reference, Decrypt).
  const key = ofBlob?.keyId === identifier ? toFoundKey(ofBlob) : await byIdentifier(search, identifier)
  return { ...toSubject(search, key), blob, wrongKey: blob !== null && blob.keyId !== key.record.keyId }
}

async function byId(
  { services, scope, denied }: Search,
  keyId: string,
  accountId: string,
): Promise<FoundKey> {
  const record = await findLiveKey(services, { region: scope.region, keyId })
  if (record?.accountId === accountId) return toFoundKey(record)
  throw accountId === scope.accountId ? keyNotFound(scope, keyId) : denied(OF_OTHER_ACCOUNT)
}

async function byAlias(
  { services, scope, denied }: Search,
  aliasName: string,
  accountId: string,
): Promise<FoundKey> {
  const owner = { region: scope.region, accountId }
  const alias = await services.store.findAlias(owner, aliasName)
  const record = alias && (await findLiveKey(services, { region: scope.region, keyId: alias.targetKeyId }))
  if (record) return toFoundKey(record, aliasName)
  throw accountId === scope.accountId ? aliasNotFound(owner, aliasName) : denied(OF_OTHER_ACCOUNT)
}
