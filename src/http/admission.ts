import type { JsonObject } from '../core/json.ts'
import { HttpError } from './errors.ts'

/** How many calls may be under way at a time. */
export interface AdmissionLimits {
  /** Calls whose signature held. */
  readonly calls: number
  /** Of these, the ones with a `Recipient`, each of which costs a chain of signature checks. */
  readonly attestedCalls: number
}

/** The limits unless others are given: a queue that a machine with two processors works off in about a second. */
export const DEFAULT_ADMISSION_LIMITS: AdmissionLimits = { calls: 256, attestedCalls: 64 }

/** Lets calls in up to a limit; those over it are refused at once, so that no queue grows without end. */
export interface Admission {
  /** Calls under way now. */
  readonly inFlight: () => number
  /**
   * Runs `work` for a call with this input. Rejects as `work` does, and with `HttpError` `CAPACITY_EXCEEDED` without
   * having begun.
   */
  admit<Result>(input: JsonObject, work: () => Promise<Result>): Promise<Result>
}

/** Makes the gate that all calls of a listener pass. */
export function createAdmission(limits: AdmissionLimits): Admission {
  let calls = 0
  let attestedCalls = 0
  return {
    inFlight: () => calls,
    async admit(input, work) {
      const attested = (input['Recipient'] ?? null) === null ? 0 : 1
      if (calls >= limits.calls || attestedCalls + attested > limits.attestedCalls) throw capacityExceeded()
      calls += 1
      attestedCalls += attested
      try {
        return await work()
      } finally {
        calls -= 1
        attestedCalls -= attested
      }
    },
  }
}

/** The text is that of the AWS KMS Developer Guide, "Throttling AWS KMS requests". */
function capacityExceeded(): HttpError {
  return new HttpError(
    'CAPACITY_EXCEEDED',
    'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
  )
}
