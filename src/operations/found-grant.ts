import { toAccountRootArn } from '../core/arn.ts'
import type { GrantRecord } from '../store/key-store.ts'
import { toRetirements } from './decidable-grant.ts'
import { KmsError } from './errors.ts'
import { keyResource } from './found-key.ts'
import type { KeyLookup } from './key-lookup.ts'
import type { KeySubject } from './subject.ts'

/** A grant with its key. */
export interface GrantSubject extends KeySubject {
  readonly grant: GrantRecord
}

/** Throws `InvalidGrantIdException` unless a text can be the id of a grant: 64 lower-case hexadecimal digits. */
export function requireGrantId(grantId: string): void {
  if (/^[0-9a-f]{64}$/.test(grantId)) return
  throw new KmsError('InvalidGrantIdException', `Invalid grant id '${grantId.slice(0, 128)}'`)
}

/** The refusal of a grant that is not there. */
export function grantNotFound(grantId: string, keyArn: string): KmsError {
  return new KmsError('NotFoundException', `Grant '${grantId}' of key '${keyArn}' does not exist`)
}

/** The refusal of a token that was not handed out here, or whose grant is gone. */
export function invalidGrantToken(): KmsError {
  return new KmsError('InvalidGrantTokenException', 'The request has a grant token that is not valid.')
}

/** Which grant a request to retire one names. */
interface NamedGrant {
  readonly GrantToken: string | undefined
  readonly KeyId: string | undefined
  readonly GrantId: string | undefined
}

/**
 * Finds the grant that is to be retired, by token, or by key and id, with those who may retire it in the place of the
 * key's own grants. Rejects with `KmsError`.
 */
export async function findRetirableGrant(named: NamedGrant, lookup: KeyLookup): Promise<GrantSubject> {
  const { subject, grant } = await findNamed(named, lookup)
  const grants = toRetirements(grant, toAccountRootArn(subject.key.record))
  const resource = { ...keyResource(subject.key, lookup.scope), grants }
  return { ...subject, resources: [resource], grant }
}

async function findNamed(
  { GrantToken, KeyId, GrantId }: NamedGrant,
  lookup: KeyLookup,
): Promise<{ readonly subject: KeySubject; readonly grant: GrantRecord }> {
  if (GrantToken !== undefined && KeyId === undefined && GrantId === undefined) {
    const found = await lookup.grantOfToken(GrantToken)
    if (!found) throw invalidGrantToken()
    return found
  }
  if (GrantToken !== undefined || KeyId === undefined || GrantId === undefined) {
    throw new KmsError('ValidationException', 'Either GrantToken alone, or KeyId and GrantId are required.')
  }
  requireGrantId(GrantId)
  const subject = await lookup.keyToShare(KeyId)
  const grant = await lookup.grantOfKey(subject, GrantId)
  if (grant) return { subject, grant }
  // Nobody learns in this way whether another account has such a key.
  if (subject.key.record.accountId !== lookup.scope.accountId) throw lookup.denied()
  throw grantNotFound(GrantId, subject.key.arn)
}
