import type { VerifyOptions } from '../../src/attestation/verify-options.ts'
import type { CertificatePlan } from '../../src/simulator/certificate-plan.ts'
import type { SigningKey } from '../../src/simulator/signing-key.ts'
import type { CborNode } from '../support/attestation/cbor-tree.ts'
import type { Dice } from '../support/attestation/mutations.ts'
import type { World } from './world.ts'

/**
 * What follows for a document that was good: it is good still, it must be refused, with one of some codes where they are
 * known, or that has to be judged from the bytes.
 */
export type Outcome = 'accepted' | 'refused' | 'judged' | readonly string[]

/** A structural change at one step of the making of a document. Whatever comes after the step signs what it finds. */
export interface Change<State> {
  readonly name: string
  /** `null` where the change does not apply. */
  readonly apply: (state: State, dice: Dice, world: World) => Changed<State> | null
}

/** What a change has made, and what follows from it if it is the only one. */
export interface Changed<State> {
  readonly state: State
  readonly outcome: Outcome
}

/** The certificates before they are signed, root first, leaf last. */
export interface PlanState {
  readonly plans: readonly CertificatePlan[]
  /** When they are all valid, milliseconds since 1970. */
  readonly at: number
}

/** The signed certificates: DER, root first, leaf last, and the plans that they came from. */
export interface CertificateState extends PlanState {
  readonly certificates: readonly Uint8Array[]
}

/** The payload before it is written. */
export interface PayloadState {
  readonly payload: CborNode
  readonly timestamp: number
}

/** What is to be signed, and by whom. */
export interface SigningState {
  readonly plans: readonly CertificatePlan[]
  readonly payload: Uint8Array
  readonly header: Uint8Array
  readonly key: SigningKey
  /** What is signed, if not the `Sig_structure` over header and payload. */
  readonly structure?: Uint8Array
}

/** The four elements of a COSE_Sign1, each encoded. */
export interface CoseState {
  readonly elements: readonly Uint8Array[]
}

/** The finished input. */
export interface InputState {
  readonly input: Uint8Array
}

/** How it is verified. */
export interface SettingState {
  readonly options: VerifyOptions
  readonly plans: readonly CertificatePlan[]
  /** Milliseconds since 1970. */
  readonly timestamp: number
}
