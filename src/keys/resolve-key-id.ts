import { parseArn } from '../core/arn.ts'
import type { Arn } from '../core/arn.ts'
import { isRegion, partitionOfRegion } from '../core/partition.ts'
import { KeysError } from './errors.ts'
import { isKeyId } from './key-id.ts'

/** What a `KeyId` of a request names, by its four forms (AWS KMS Developer Guide, Key identifiers). */
export type KeyIdentifier =
  | { readonly kind: 'key-id'; readonly keyId: string }
  | { readonly kind: 'key-arn'; readonly keyId: string; readonly region: string; readonly accountId: string }
  | { readonly kind: 'alias-name'; readonly aliasName: string }
  | {
      readonly kind: 'alias-arn'
      readonly aliasName: string
      readonly region: string
      readonly accountId: string
    }

/**
 * Reads the identifier of a key as a caller in `region` gives it. Whether there is such a key is not asked here; nor
 * is the name of an alias looked at beyond its prefix, since one that cannot exist is simply not found.
 *
 * Throws `KeysError` with the text for the caller as its message: `KEY_ID_MALFORMED` for a text that is none of the
 * forms, also as the last part of an ARN; `KEY_ARN_OTHER_REGION` for the ARN of a key or an alias elsewhere;
 * `KEY_ARN_MALFORMED` for any other text that begins like an ARN.
 */
export function resolveKeyId(text: string, region: string): KeyIdentifier {
  if (text.startsWith('arn:')) return resolveArn(text, region)
  if (text.startsWith('alias/')) return { kind: 'alias-name', aliasName: text }
  return { kind: 'key-id', keyId: keyIdOf(text) }
}

function resolveArn(text: string, region: string): KeyIdentifier {
  const arn = parseArn(text)
  if (!arn || !isKmsArn(arn)) throw new KeysError('KEY_ARN_MALFORMED', `Invalid arn ${text}`)
  if (arn.region !== region) throw new KeysError('KEY_ARN_OTHER_REGION', `Invalid arn ${arn.region}`)
  const scope = { region, accountId: arn.accountId }
  if (arn.resource.startsWith('alias/')) return { kind: 'alias-arn', aliasName: arn.resource, ...scope }
  return { kind: 'key-arn', keyId: keyIdOf(arn.resource.slice('key/'.length)), ...scope }
}

function isKmsArn(arn: Arn): boolean {
  return (
    arn.service === 'kms' &&
    isRegion(arn.region) &&
    arn.partition === partitionOfRegion(arn.region) &&
    /^\d{12}$/.test(arn.accountId) &&
    /^(?:key|alias)\//.test(arn.resource)
  )
}

function keyIdOf(text: string): string {
  if (!isKeyId(text)) throw new KeysError('KEY_ID_MALFORMED', `Invalid keyId '${text}'`)
  return text
}
