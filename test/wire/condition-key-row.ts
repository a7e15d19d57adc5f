import type { Call } from './condition-key-calls.ts'

/** A condition key, and calls that it tells apart. */
export interface Row {
  readonly key: string
  readonly action: string
  readonly operator?: string
  /** A value under which `call` is allowed. */
  readonly value: string
  /** One under which it is not; or a call that is not allowed under `value`. */
  readonly otherValue?: string
  readonly call: Call
  readonly otherCall?: Call
  /** Whether identity policies alone can ask for it: an operation without a key, or a key of identity policies only. */
  readonly identityOnly?: boolean
}
