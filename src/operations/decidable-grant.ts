import type { Grant, UnreadableGrant } from '../policy/grant.ts'
import { readGrant } from '../policy/grant.ts'
import type { GrantRecord } from '../store/key-store.ts'
import { toConstraints } from './grant-entry.ts'
import { type GrantExtent, whyWider } from './wider-grant.ts'

/** What a decision takes of a grant. */
export type DecidableGrant = Grant | UnreadableGrant

/** A grant as decisions take it. */
export function toDecidableGrant(record: GrantRecord): DecidableGrant {
  const { granteePrincipal, operations, constraints } = record
  return readGrant(
    { granteePrincipal, operations: [...operations], constraints: toConstraints(constraints) },
    record.grantId,
  )
}

/**
 * A grant as it counts for the making of another one: not at all where that would go further. Its encryption context
 * constraints were held against those of the new grant, so they are not held against a call that has no context.
 */
export function toParentGrant(record: GrantRecord, child: GrantExtent): DecidableGrant {
  const wider = whyWider(child, record)
  if (wider !== null) return { name: record.grantId, unreadable: wider }
  const constraints = { ...record.constraints, encryptionContextEquals: null, encryptionContextSubset: null }
  return toDecidableGrant({ ...record, constraints })
}

/**
 * Who may retire a grant, as grants of that one operation: the principal named for it, the grantee where `RetireGrant` is
 * among his operations, and the account of the key, which leaves it to its identity policies (AWS KMS API Reference,
 * RetireGrant).
 */
export function toRetirements(record: GrantRecord, accountRootArn: string): readonly DecidableGrant[] {
  const { granteePrincipal, retiringPrincipal, operations, grantId } = record
  const retirers = [
    { who: 'retiring principal', principal: retiringPrincipal },
    { who: 'grantee', principal: operations.includes('RetireGrant') ? granteePrincipal : null },
    { who: 'account of the key', principal: accountRootArn },
  ]
  return retirers.flatMap(({ who, principal }) =>
    principal === null
      ? []
      : [readGrant({ granteePrincipal: principal, operations: ['RetireGrant'] }, `${grantId} (${who})`)],
  )
}
