import { decode, encode } from 'cborg'
import { systemRandom } from '../../../src/core/random.ts'
import { createLabPki } from '../../../src/simulator/lab-pki.ts'
import type { EnclaveHost, SimulatedEnclave } from '../../../src/simulator/nsm/simulated-enclave.ts'
import { createEnclaveHost } from '../../../src/simulator/nsm/simulated-enclave.ts'

/** When the enclaves of these tests start. */
export const START = new Date('2026-04-21T10:00:00.000Z')

export const pki = createLabPki({ seed: 'nsm' })

/** A host whose clock a test can set. */
export interface TestHost extends EnclaveHost {
  readonly setTime: (now: Date) => void
}

export function makeHost(): TestHost {
  let now = START
  const host = createEnclaveHost({ pki, clock: { now: () => now }, random: systemRandom })
  return { ...host, setTime: (time) => (now = time) }
}

/** Decodes with cborg, which shares nothing with the module and is strict about lengths and repeated keys. */
export function decodeResponse(bytes: Uint8Array): unknown {
  return decode(bytes, { useMaps: false, strict: true, rejectDuplicateMapKeys: true })
}

/** Asks a module, with cborg as the client's codec. */
export function ask({ respond }: Pick<SimulatedEnclave, 'respond'>, request: unknown): unknown {
  return decodeResponse(respond(encode(request)))
}

/** The document that a module gives. Throws where it gives none. */
export function documentOf(enclave: Pick<SimulatedEnclave, 'respond'>, fields: object = {}): Uint8Array {
  const response = ask(enclave, { Attestation: fields }) as { Attestation?: { document: Uint8Array } }
  if (!response.Attestation) throw new TypeError(`no document: ${JSON.stringify(response)}`)
  return response.Attestation.document
}
