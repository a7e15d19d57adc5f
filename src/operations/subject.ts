import type { KeyArn } from '../core/arn.ts'
import type { Grant, UnreadableGrant } from '../policy/grant.ts'
import type { KeyRecord } from '../store/key-store.ts'

/** A key that a request works on. */
export interface FoundKey {
  readonly record: KeyRecord
  readonly arn: KeyArn
  /** The alias that the request named it by, `alias/` included; `null` where it was named by id or ARN. */
  readonly requestAlias: string | null
}

/** Something that a policy is asked about. */
export interface Resource {
  /** The ARN of a key or an alias, or `*` where the operation has neither. */
  readonly arn: string
  /** The key whose policy has a say; `null` where identity policies decide alone. */
  readonly key: FoundKey | null
  /** How a refusal names it, beginning with `on`. */
  readonly phrase: string
  /** Grants that count in the place of those of the key. */
  readonly grants?: readonly (Grant | UnreadableGrant)[]
  /** Another action than the operation's own. */
  readonly permission?: `kms:${string}`
}

/** What a request works on, found before anything is decided about the caller. */
export interface Subject {
  /** The key that is used or changed; `null` where there is none. */
  readonly key: FoundKey | null
  /** All of these have to be allowed, in this order. */
  readonly resources: readonly Resource[]
  /** Whether the key that the request names is not the one of its ciphertext. */
  readonly wrongKey?: boolean
}

/** A subject with a key. */
export interface KeySubject extends Subject {
  readonly key: FoundKey
}

/** The account and Region of the caller as a whole. */
export const ACCOUNT: Subject = { key: null, resources: [{ arn: '*', key: null, phrase: 'on resource: *' }] }
