import type { Clock } from '../core/clock.ts'
import type { Random } from '../core/random.ts'
import type { DocumentRequest } from '../http/document-request.ts'
import type { EnclaveRequest } from '../http/enclave-request.ts'
import { HttpError } from '../http/errors.ts'
import type { LabEnclave } from '../http/lab-enclaves.ts'
import { refuseMember } from '../http/lab-input.ts'
import type { IssuedDocument } from '../http/lab-routes.ts'
import { SimulatorError } from '../simulator/errors.ts'
import { createLabPki } from '../simulator/lab-pki.ts'
import { createEnclaveRegistry } from '../simulator/nsm/enclave-registry.ts'
import type { NsmSocket } from '../simulator/nsm/nsm-socket.ts'
import { openNsmSocket } from '../simulator/nsm/nsm-socket.ts'
import { createEnclaveHost, startEnclave } from '../simulator/nsm/simulated-enclave.ts'

/** What a lab makes: documents on demand, and enclaves whose programs can ask for them. */
export interface LabSimulator {
  /** Throws `HttpError` `ADMIN_INPUT_INVALID` for what the simulator does not make, such as a time before 1970. */
  issueDocument(request: DocumentRequest): IssuedDocument
  /** Throws `HttpError`: `ADMIN_INPUT_INVALID` in the same way, `LAB_ENCLAVES_FULL`. */
  startEnclave(request: EnclaveRequest): LabEnclave
  findEnclave(moduleId: string): LabEnclave | undefined
  listEnclaves(): readonly LabEnclave[]
  endEnclave(moduleId: string): boolean
  /**
   * Opens a Unix socket that stands in for the `/dev/nsm` of one further enclave. `onFault` is told of faults of the
   * program. Rejects with `SimulatorError` as `openNsmSocket` does.
   */
  openNsm(path: string, onFault: (error: unknown) => void): Promise<NsmSocket>
  /** Ends all enclaves; the one behind a socket starts anew. */
  reset(): void
}

/** What documents follow from. */
export interface LabSimulatorOptions {
  readonly seed: string
  readonly clock: Clock
  readonly random: Random
}

/** Makes the simulator of a lab. */
export function createLabSimulator({ seed, clock, random }: LabSimulatorOptions): LabSimulator {
  const host = createEnclaveHost({ pki: createLabPki({ seed }), clock, random })
  const registry = createEnclaveRegistry(host)
  const restarts: (() => void)[] = []
  return {
    issueDocument: (request) =>
      answerable('document', () => {
        const { document, moduleId, timestamp } = host.issuer.issue(request)
        return { document, moduleId, timestamp }
      }),
    startEnclave: (request) => answerable('enclave', () => registry.start(request)),
    findEnclave: (moduleId) => registry.find(moduleId),
    listEnclaves: () => registry.list(),
    endEnclave: (moduleId) => registry.end(moduleId),
    openNsm(path, onFault) {
      let enclave = startEnclave(host)
      restarts.push(() => (enclave = startEnclave(host)))
      return openNsmSocket(path, { respond: (request) => enclave.respond(request), onFault })
    },
    reset() {
      registry.endAll()
      for (const restart of restarts) restart()
    },
  }
}

/** What the simulator does not make is bad input; the message names the option. */
function answerable<Made>(member: string, make: () => Made): Made {
  try {
    return make()
  } catch (cause) {
    if (!(cause instanceof SimulatorError)) throw cause
    if (cause.code === 'SIMULATOR_ENCLAVES_FULL') {
      throw new HttpError('LAB_ENCLAVES_FULL', cause.message, { cause })
    }
    throw refuseMember(member, cause.message)
  }
}
