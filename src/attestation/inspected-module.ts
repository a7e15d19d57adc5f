/** What the id of a module says by the pattern that AWS's ids have; AWS promises no pattern. */
export interface InspectedModule {
  readonly instanceId: string
  /** The 16 digits behind `-enc`; `null` for a NitroTPM, whose id has none. */
  readonly enclaveId: string | null
  /** When the enclave was started; `null` for a NitroTPM, and where the number is beyond what a `Date` can hold. */
  readonly startedAt: Date | null
}

const ENCLAVE = /^(i-[0-9a-f]{8,17})-enc([0-9a-f]{16})$/
const TPM = /^(i-[0-9a-f]{8,17})-tpm0{16}$/

/** Digits of the start in milliseconds since 1970; those behind them have no known meaning. */
const START_DIGITS = 12

/** Takes a module id apart; `null` where it is of no known pattern. */
export function inspectModule(moduleId: string | null): InspectedModule | null {
  const [, instanceId, enclaveId] = ENCLAVE.exec(moduleId ?? '') ?? []
  if (instanceId && enclaveId) {
    const startedAt = new Date(Number(`0x${enclaveId.slice(0, START_DIGITS)}`))
    return { instanceId, enclaveId, startedAt: Number.isNaN(startedAt.getTime()) ? null : startedAt }
  }
  const [, machine] = TPM.exec(moduleId ?? '') ?? []
  return machine ? { instanceId: machine, enclaveId: null, startedAt: null } : null
}
