import type { Random } from '../core/random.ts'
import type { Secret } from '../core/secret.ts'
import type { AccountScope, KeyRecord } from '../store/key-store.ts'
import type { AnswerBody } from './answer-body.ts'
import type { Call } from './call.ts'
import type { KmsErrorCode } from './errors.ts'
import type { FieldTable, InputOf } from './field.ts'
import type { KeyLookup } from './key-lookup.ts'
import type { Release } from './release.ts'
import type { Services } from './services.ts'
import type { Subject } from './subject.ts'
import type { GrantExtent } from './wider-grant.ts'

/** What a handler works with beside its input and its subject. Randomness comes out as `Secret`s only. */
export interface Scene {
  readonly call: Call
  /** The caller's account and Region. */
  readonly scope: AccountScope
  readonly services: Omit<Services, 'random' | 'anchors' | 'attestation' | 'decisions' | 'audit'>
  /** Asks the policies once more about the key as it is now. Throws `AccessDeniedException`. */
  readonly reauthorize: (record: KeyRecord) => void
  readonly newKeyId: Random['uuid']
  /** 32 random bytes that name a grant; they are no secret. */
  readonly newGrantId: () => Uint8Array
  /** That many fresh random bytes. */
  readonly secretBytes: (length: number) => Secret
  /** The single door for plaintext. */
  readonly release: Release
}

/** A KMS operation: what `run.ts` needs to know to take a request through every step, and what it does at the end. */
export interface OperationOf<Fields extends FieldTable, On extends Subject> {
  readonly name: string
  /** The action that policies name, such as `kms:Decrypt`. */
  readonly permission: `kms:${string}`
  /** The members of its input; others are ignored. */
  readonly input: Fields
  /** The exceptions that the model of the API lists for it. */
  readonly errors: readonly KmsErrorCode[]
  /** The key usage that it demands of its key; left out where any usage will do. */
  readonly usage?: string
  /** Condition keys of its own, beside those that `condition-keys.ts` makes of caller, resource and common members. */
  conditionKeys?(
    input: InputOf<Fields>,
    call: Call,
    subject: On,
  ): Readonly<Record<string, string | readonly string[]>>
  /** How far the grant goes that it makes, where it makes one: a grantee can give no more than he was given. */
  newGrant?(input: InputOf<Fields>): GrantExtent
  /** Finds what it works on, before anything is decided about the caller. */
  find(input: InputOf<Fields>, lookup: KeyLookup): Promise<On>
  /** Checks of parameters that need the key; the last step before a dry run ends. Throws `KmsError`. */
  check?(input: InputOf<Fields>, scene: Scene & On): Promise<void> | void
  /** What an operator should see in the log of a call that succeeded: sentences without values of the request. */
  warnings?(input: InputOf<Fields>, scene: Scene & On): readonly string[]
  /** Does the work and makes the answer's members; `null` for an operation without output. */
  handle(input: InputOf<Fields>, scene: Scene & On): Promise<AnswerBody | null>
}

/**
 * An operation whose input and subject are not known by type. That it fits every declaration rests on its methods
 * being compared bivariantly; it is sound because `run.ts` hands an operation only what its own `input` and `find` made.
 */
export type Operation = OperationOf<FieldTable, Subject>

/** Declares an operation; input and subject of the handler are inferred from `input` and `find`. */
export function defineOperation<Fields extends FieldTable, On extends Subject>(
  declaration: OperationOf<Fields, On>,
): OperationOf<Fields, On> {
  return Object.freeze(declaration)
}
