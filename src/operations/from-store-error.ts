import { toAliasArn, toKeyArn } from '../core/arn.ts'
import type { AccountScope } from '../store/key-store.ts'
import { StoreError } from '../store/errors.ts'
import { KmsError } from './errors.ts'

/** How many aliases a key may have (AWS KMS Developer Guide, Resource quotas). */
export const ALIASES_PER_KEY = 50

/** An alias and the key that it is to name. */
interface AliasChange {
  readonly scope: AccountScope
  readonly aliasName: string
  readonly keyId: string
}

/** The refusal that an error of the store is to somebody who changes an alias; any other error as it came. */
export function fromAliasError(error: unknown, { scope, aliasName, keyId }: AliasChange): unknown {
  if (!(error instanceof StoreError)) return error
  const options = { cause: error }
  switch (error.code) {
    case 'ALIAS_EXISTS': {
      const text = `An alias with the name ${toAliasArn(scope, aliasName)} already exists`
      return new KmsError('AlreadyExistsException', text, options)
    }
    case 'ALIAS_LIMIT': {
      const text = `${toKeyArn(scope, keyId)} already has ${ALIASES_PER_KEY} aliases.`
      return new KmsError('LimitExceededException', text, options)
    }
    case 'KEY_NOT_FOUND':
      return new KmsError('NotFoundException', `Key '${toKeyArn(scope, keyId)}' does not exist`, options)
    default:
      return error
  }
}
