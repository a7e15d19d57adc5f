import type { Principal } from '../identity/principal.ts'
import { type DenialClause, denialText } from '../policy/denial-clause.ts'
import { KmsError, type KmsErrorOptions } from './errors.ts'

/** How a refusal names the key of a ciphertext. */
export const OF_CIPHERTEXT = 'on the resource associated with this ciphertext'

/** How a refusal names a key of another account. */
export const OF_OTHER_ACCOUNT = 'on this resource'

/** What a refusal tells. */
export interface Denial {
  readonly principal: Principal
  /** The action, such as `kms:Decrypt`. */
  readonly permission: string
  /** The resource, beginning with `on`. */
  readonly phrase: string
  readonly clause: DenialClause
}

/** `AccessDeniedException` in AWS's words (IAM User Guide, Troubleshoot access denied error messages). */
export function accessDenied(denial: Denial, options?: KmsErrorOptions): KmsError {
  const { principal, permission, phrase, clause } = denial
  const why = denialText(clause, permission)
  const text = `User: ${principal.arn} is not authorized to perform: ${permission} ${phrase} ${why}`
  return new KmsError('AccessDeniedException', text, options)
}
