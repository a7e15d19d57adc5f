import { toAccountRootArn, toKeyArn } from '../core/arn.ts'
import type { AccountScope, GrantConstraintsRecord, GrantRecord } from '../store/key-store.ts'
import type { AnswerBody } from './answer-body.ts'

/** A grant as lists show it (AWS KMS API Reference, GrantListEntry). `owner` is the account of the key. */
export function toGrantEntry(grant: GrantRecord, owner: AccountScope): AnswerBody {
  const constraints = toConstraints(grant.constraints)
  return {
    KeyId: toKeyArn(owner, grant.keyId),
    GrantId: grant.grantId,
    Name: grant.name,
    CreationDate: grant.creationDate,
    GranteePrincipal: grant.granteePrincipal,
    ...(grant.retiringPrincipal !== null && { RetiringPrincipal: grant.retiringPrincipal }),
    IssuingAccount: toAccountRootArn({ ...owner, accountId: grant.issuingAccountId }),
    Operations: [...grant.operations],
    ...(Object.keys(constraints).length > 0 && { Constraints: constraints }),
  }
}

/** Constraints in the words of the API; without members where there are none. */
export function toConstraints(
  constraints: GrantConstraintsRecord,
): Record<string, string | Record<string, string>> {
  const { encryptionContextEquals: equals, encryptionContextSubset: subset, sourceArn } = constraints
  return {
    ...(equals && { EncryptionContextEquals: Object.fromEntries(equals) }),
    ...(subset && { EncryptionContextSubset: Object.fromEntries(subset) }),
    ...(sourceArn !== null && { SourceArn: sourceArn }),
  }
}
