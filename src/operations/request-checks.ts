import { encodeEncryptionContext } from '../keys/encryption-context.ts'
import { isOwnAccount, type Request } from './authorize.ts'
import { KmsError } from './errors.ts'
import { invalidGrantToken } from './found-grant.ts'
import type { UsableRecipient } from './recipient-verdict.ts'
import { requireKeyState } from './require-key-state.ts'
import { badDocument } from './to-kms-error.ts'

/** Refuses a request that is allowed, whatever its document says, but whose document is bad. Throws `ValidationException`. */
export function requireUsableRecipient({ verdict, subject, call }: Request): UsableRecipient {
  if (verdict.verdict !== 'rejected') return verdict
  const { error } = verdict
  const own = isOwnAccount(subject, call)
  throw badDocument(error.code, { cause: error, ...(own ? { reason: error.code } : {}) })
}

/**
 * Refuses a grant token that was not handed out here, or whose grant is gone. Grants count at once, so a token gives
 * nothing that its grant does not; and since this comes behind authorization, it tells nobody anything. Rejects with
 * `InvalidGrantTokenException`.
 */
export async function requireGrantTokens({ input, services }: Request): Promise<void> {
  const { GrantTokens: tokens } = input
  if (!Array.isArray(tokens)) return
  for (const token of tokens as readonly string[]) {
    const reference = services.grantTokens.open(token)
    const grant = reference && (await services.store.findGrant(reference, reference.grantId))
    if (!grant) throw invalidGrantToken()
  }
}

/**
 * Refuses a key that the request cannot be done with: another than the ciphertext's, one in the wrong state, one of
 * the wrong usage, in this order. Throws `IncorrectKeyException`, `DisabledException`, `KMSInvalidStateException`,
 * `InvalidKeyUsageException`.
 */
export function requireFitKey({ operation, subject: { key, wrongKey } }: Request): void {
  if (wrongKey === true) throw new KmsError('IncorrectKeyException', INCORRECT_KEY)
  if (key === null) return
  requireKeyState(operation.name, key.record)
  const { usage, name } = operation
  const { keyUsage } = key.record
  if (usage === undefined || usage === keyUsage) return
  const text = `${key.arn} key usage is ${keyUsage} which is not valid for ${name}.`
  throw new KmsError('InvalidKeyUsageException', text)
}

const INCORRECT_KEY = 'The key ID in the request does not identify a CMK that can perform this operation.'

/** Refuses an encryption context that cannot be bound to a ciphertext. Throws `KeysError`. */
export function requireFitContext({ input }: Request): void {
  const { EncryptionContext: context } = input
  if (context instanceof Map) encodeEncryptionContext(context)
}

/** Ends a dry run, which never succeeds. Throws `DryRunOperationException`. */
export function endDryRun({ input }: Request): void {
  if (input['DryRun'] !== true) return
  const text = 'The request would have succeeded, but the DryRun option is set.'
  throw new KmsError('DryRunOperationException', text)
}
