import type { SessionTokens } from '../identity/session-token.ts'
import type { Call } from '../operations/call.ts'
import type { Services } from '../operations/services.ts'
import type { RecordedDecision } from '../decisions/decision-record.ts'
import type { Form } from './form.ts'

/** One request for one action, after its signature was verified. */
export interface StsCall extends Omit<Call, 'input'> {
  /** With `Action` and `Version`. */
  readonly form: Form
}

/** Everything that actions work with. */
export interface StsServices extends Pick<
  Services,
  'identities' | 'policies' | 'decisions' | 'audit' | 'random'
> {
  readonly sessions: SessionTokens
}

/** The members of an answer, in the order of the wire. */
export interface Members {
  readonly [name: string]: string | Members
}

/** What an action is given. */
export interface Scene {
  readonly services: StsServices
  readonly call: StsCall
  /** Takes what the policies said, for the record of the request. */
  readonly note: (decision: RecordedDecision) => void
}

/** An action: what it is called, and what it answers. It throws `StsError`. */
export interface StsAction {
  readonly name: string
  handle(scene: Scene): Members
}
