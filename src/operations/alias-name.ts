import { toAliasArn } from '../core/arn.ts'
import type { AccountScope } from '../store/key-store.ts'
import { KmsError } from './errors.ts'
import type { Resource } from './subject.ts'

const PREFIX_TEXT =
  'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html'

/**
 * Checks a name that the pattern of the model lets pass (AWS KMS API Reference, CreateAlias). Throws
 * `ValidationException` without the prefix or with a colon, `InvalidAliasNameException` with nothing behind the
 * prefix, `NotAuthorizedException` for the names that AWS keeps to itself.
 */
export function requireAliasName(aliasName: string): void {
  if (!aliasName.startsWith('alias/')) throw new KmsError('ValidationException', PREFIX_TEXT)
  if (aliasName.startsWith('alias/aws/')) throw new KmsError('NotAuthorizedException', null)
  if (aliasName === 'alias/') {
    throw new KmsError('InvalidAliasNameException', 'An alias needs a name behind the prefix "alias/".')
  }
  if (aliasName.includes(':')) {
    throw new KmsError('ValidationException', `${aliasName} contains invalid characters for an alias`)
  }
}

/** Throws `ValidationException` where the target of an alias is an alias itself, by name or ARN. */
export function refuseAliasAsTarget(target: string): void {
  if (/^(?:arn:[^:]*:kms:[^:]*:[^:]*:)?alias\//.test(target)) {
    throw new KmsError('ValidationException', 'Aliases must refer to keys. Not aliases')
  }
}

/** An alias as policies are asked about it: identity policies alone decide. */
export function aliasResource(scope: AccountScope, aliasName: string): Resource {
  const arn = toAliasArn(scope, aliasName)
  return { arn, key: null, phrase: `on resource: ${arn}` }
}
