import type { JsonValue } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import { IdentityError } from './errors.ts'

/** Where a policy of a seed file is attached. */
export type SeedPolicyKind = 'key' | 'identity' | 'trust'

/** What a seed file is checked with that other rooms know. */
export interface SeedChecks {
  /** Throws an `Error` where a policy document, as JSON text, cannot be used. */
  readonly checkPolicy: (document: string, kind: SeedPolicyKind) => void
  /** Whether keys of a spec, such as `SYMMETRIC_DEFAULT`, can be made here. */
  readonly isKeySpec: (spec: string) => boolean
}

/** Reads a policy, an object or JSON text, to JSON text. Throws `SEED_POLICY_INVALID`, the check's error as cause. */
export function parseSeedPolicy(
  value: JsonValue,
  kind: SeedPolicyKind,
  { path, checks }: { readonly path: string; readonly checks: SeedChecks },
): string {
  try {
    if (typeof value !== 'string' && !isJsonObject(value))
      throw new TypeError('neither an object nor JSON text')
    const document = typeof value === 'string' ? value : JSON.stringify(value)
    checks.checkPolicy(document, kind)
    return document
  } catch (cause) {
    // What the check throws is an error: `SeedChecks` says so.
    throw new IdentityError('SEED_POLICY_INVALID', `${path}: ${(cause as Error).message}`, { cause })
  }
}
