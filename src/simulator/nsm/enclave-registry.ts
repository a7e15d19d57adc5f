import { SimulatorError } from '../errors.ts'
import type { EnclaveHost, EnclaveOptions, SimulatedEnclave } from './simulated-enclave.ts'
import { startEnclave } from './simulated-enclave.ts'

/** The enclaves that run on a host, by their module ids. */
export interface EnclaveRegistry {
  /** Starts an enclave. Throws `SimulatorError` as `startEnclave`, and `SIMULATOR_ENCLAVES_FULL` where too many run. */
  start(options: EnclaveOptions): SimulatedEnclave
  find(moduleId: string): SimulatedEnclave | undefined
  /** In the order in which they were started. */
  list(): readonly SimulatedEnclave[]
  /** Ends an enclave. Answers false where there is none of this id. */
  end(moduleId: string): boolean
  endAll(): void
}

/** How many enclaves run at once unless told otherwise: as many as an issuer remembers chains for. */
const ENCLAVE_LIMIT = 256

/** Makes a registry without enclaves. None is ever ended to make room for another. */
export function createEnclaveRegistry(host: EnclaveHost, limit: number = ENCLAVE_LIMIT): EnclaveRegistry {
  const enclaves = new Map<string, SimulatedEnclave>()

  /** The time of the start is part of the id: what starts in the same millisecond counts as started a little later. */
  function startUnderNewId(options: EnclaveOptions): SimulatedEnclave {
    const now = host.clock.now().getTime()
    let enclave = startEnclave(host, options, new Date(now))
    for (let later = now + 1; enclaves.has(enclave.moduleId); later++) {
      enclave = startEnclave(host, options, new Date(later))
    }
    return enclave
  }

  return {
    start(options) {
      if (enclaves.size >= limit) {
        throw new SimulatorError(
          'SIMULATOR_ENCLAVES_FULL',
          `${limit} simulated enclaves run already; end one first`,
        )
      }
      const enclave = startUnderNewId(options)
      enclaves.set(enclave.moduleId, enclave)
      return enclave
    },
    find: (moduleId) => enclaves.get(moduleId),
    list: () => [...enclaves.values()],
    end: (moduleId) => enclaves.delete(moduleId),
    endAll: () => enclaves.clear(),
  }
}
