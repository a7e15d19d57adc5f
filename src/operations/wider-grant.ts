import type { GrantConstraintsRecord, GrantRecord } from '../store/key-store.ts'

/** What of a grant says how far it goes. */
export type GrantExtent = Pick<GrantRecord, 'operations' | 'constraints'>

/**
 * Says in which way a grant would go further than the one by which its maker was let in; `null` where it does not. A
 * grantee may give no operation that he was not given, under constraints at least as strict (AWS KMS Developer Guide,
 * Grants: Granting CreateGrant permission).
 */
export function whyWider(child: GrantExtent, parent: GrantExtent): string | null {
  const more = child.operations.find((operation) => !parent.operations.includes(operation))
  if (more !== undefined) return `the new grant has the operation ${more}, which this one has not`
  return constraintsWider(child.constraints, parent.constraints)
}

function constraintsWider(child: GrantConstraintsRecord, parent: GrantConstraintsRecord): string | null {
  const { encryptionContextEquals: equals, encryptionContextSubset: subset, sourceArn } = parent
  if (equals && !isSame(child.encryptionContextEquals, equals)) {
    return 'the new grant has not the EncryptionContextEquals of this one'
  }
  // What must be equal to more pairs, or must have more of them, has the pairs of the parent.
  if (
    subset &&
    !hasAll(child.encryptionContextEquals, subset) &&
    !hasAll(child.encryptionContextSubset, subset)
  ) {
    return 'the new grant does not demand the EncryptionContextSubset of this one'
  }
  if (sourceArn !== null && child.sourceArn !== sourceArn)
    return 'the new grant has not the SourceArn of this one'
  return null
}

function isSame(pairs: ReadonlyMap<string, string> | null, wanted: ReadonlyMap<string, string>): boolean {
  return pairs?.size === wanted.size && hasAll(pairs, wanted)
}

function hasAll(pairs: ReadonlyMap<string, string> | null, wanted: ReadonlyMap<string, string>): boolean {
  return pairs !== null && [...wanted].every(([key, value]) => pairs.get(key) === value)
}
