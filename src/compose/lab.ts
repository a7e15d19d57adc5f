import { encodeBase64 } from '../core/base64.ts'
import type { MovableClock } from '../core/clock.ts'
import type { Random } from '../core/random.ts'
import type { LabActions } from '../http/lab-routes.ts'
import type { NsmSocket } from '../simulator/nsm/nsm-socket.ts'
import type { LabSimulator } from './lab-simulator.ts'

/** What a lab is made of. `reset` removes the keys and makes those of the seed file anew. */
export interface LabOptions {
  readonly seed: string
  /** DER of the root that follows from the seed. */
  readonly rootCertificate: Uint8Array
  readonly clock: MovableClock
  readonly random: Random
  readonly reset: () => Promise<void>
}

/** What lab mode adds to a service. */
export interface Lab {
  /** DER of the root that everything made here hangs on. */
  readonly rootCertificate: Uint8Array
  /** What the admin listener can ask of it. */
  readonly actions: LabActions
  /** Opens the socket of a simulated enclave, see `LabSimulator.openNsm`. */
  readonly openNsm: (path: string, onFault: (error: unknown) => void) => Promise<NsmSocket>
}

/** Makes a lab. The simulator is loaded when the first document or enclave is asked for. */
export function createLab({ seed, rootCertificate, clock, random, reset }: LabOptions): Lab {
  let loading: Promise<LabSimulator> | undefined
  let simulator: LabSimulator | undefined
  const load = (): Promise<LabSimulator> => {
    loading ??= import('./lab-simulator.ts').then(({ createLabSimulator }) => {
      simulator = createLabSimulator({ seed, clock, random })
      return simulator
    })
    return loading
  }
  return {
    rootCertificate,
    actions: {
      async reset() {
        clock.reset()
        simulator?.reset()
        await reset()
      },
      issueDocument: async (request) => (await load()).issueDocument(request),
      enclaves: {
        start: async (request) => (await load()).startEnclave(request),
        find: (moduleId) => simulator?.findEnclave(moduleId),
        list: () => simulator?.listEnclaves() ?? [],
        end: (moduleId) => simulator?.endEnclave(moduleId) ?? false,
      },
      rootPem: toPem(rootCertificate),
      setClock(to) {
        if (to) clock.moveTo(to)
        else clock.reset()
        return clock.now()
      },
    },
    openNsm: async (path, onFault) => (await load()).openNsm(path, onFault),
  }
}

/** RFC 7468 §2: 64 characters a line. */
function toPem(der: Uint8Array): string {
  const lines = encodeBase64(der).match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
