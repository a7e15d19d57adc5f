import { parseBase64 } from '../core/base64.ts'
import type { JsonValue } from '../core/json.ts'
import { isRegion } from '../core/partition.ts'
import { Secret } from '../core/secret.ts'
import { IdentityError } from './errors.ts'
import type { IdentityErrorCode } from './errors.ts'
import { checkAccountId } from './seed-account.ts'
import type { SeedChecks } from './seed-policy.ts'
import { parseSeedPolicy } from './seed-policy.ts'
import { join, readList, readMembers, readText } from './seed-shape.ts'

/** A key of a seed file. */
export interface SeedKey {
  /** A UUID in lower case. */
  readonly keyId: string
  readonly region: string
  readonly accountId: string
  /** Such as `SYMMETRIC_DEFAULT`. */
  readonly spec: string
  /** Each with `alias/` in front. */
  readonly aliases: readonly string[]
  /** JSON text; `null`: the default key policy. */
  readonly policy: string | null
  /** The key material; `null`: to be made. */
  readonly material: Secret | null
}

const MEMBERS = ['id', 'region', 'account', 'spec', 'aliases', 'policy', 'material'] as const

/** AWS KMS Developer Guide, Key identifiers (KeyId), in the form that the service makes them. */
const KEY_ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/
/** AWS KMS API Reference, CreateAlias: 256 characters in all, and `alias/aws/` is kept for AWS. */
const ALIAS = /^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/

/** Reads a key. Throws `IdentityError`. */
export function parseSeedKey(value: JsonValue, path: string, checks: SeedChecks): SeedKey {
  const key = readMembers(value, MEMBERS, path)
  const at = (member: (typeof MEMBERS)[number]): string => join(path, member)
  const text = (member: 'id' | 'region' | 'account' | 'spec'): string => readText(key[member], at(member))
  const [keyId, region, accountId, spec] = [text('id'), text('region'), text('account'), text('spec')]
  demand(
    KEY_ID.test(keyId),
    'SEED_KEY_ID_INVALID',
    `${at('id')} is no UUID in lower case (multi-Region keys are not made here yet)`,
  )
  demand(isRegion(region), 'SEED_REGION_INVALID', `${at('region')} is no Region`)
  checkAccountId(accountId, at('account'))
  demand(checks.isKeySpec(spec), 'SEED_SPEC_UNKNOWN', `${at('spec')} is no key spec of this service`)
  const policy = key['policy']
  return {
    keyId,
    region,
    accountId,
    spec,
    aliases: readList(key['aliases'], at('aliases')).map((alias, index) => {
      const place = `${at('aliases')}[${index}]`
      const name = readText(alias, place)
      demand(ALIAS.test(name), 'SEED_ALIAS_INVALID', `${place} is no alias name, such as alias/app`)
      return name
    }),
    policy: policy === undefined ? null : parseSeedPolicy(policy, 'key', { path: at('policy'), checks }),
    material: parseMaterial(key['material'], at('material')),
  }
}

function parseMaterial(value: JsonValue | undefined, path: string): Secret | null {
  if (value === undefined) return null
  try {
    return new Secret(parseBase64(readText(value, path)))
  } catch (error) {
    if (error instanceof IdentityError) throw error
    throw new IdentityError('SEED_MATERIAL_INVALID', `${path} is not base64`)
  }
}

function demand(holds: boolean, code: IdentityErrorCode, message: string): void {
  if (!holds) throw new IdentityError(code, message)
}
