import { encodeBase64 } from '../core/base64.ts'
import { toHex } from '../core/bytes.ts'
import type { EnclaveRequest } from './enclave-request.ts'
import { parseEnclaveName, parseEnclaveRequest, parseModuleRequest } from './enclave-request.ts'
import { HttpError } from './errors.ts'
import type { LabAction } from './lab-action.ts'

/** A simulated enclave that runs, and its Nitro Secure Module. */
export interface LabEnclave {
  readonly moduleId: string
  readonly instanceId: string
  readonly region: string
  readonly debug: boolean
  readonly startedAt: Date
  /** The registers as they are now, by their number. */
  readonly registers: () => readonly { readonly value: Uint8Array; readonly locked: boolean }[]
  /** Request bytes to response bytes. */
  readonly respond: (request: Uint8Array) => Uint8Array
}

/** The simulated enclaves of a lab. */
export interface LabEnclaves {
  /** Rejects with `HttpError`: `ADMIN_INPUT_INVALID`, `LAB_ENCLAVES_FULL`. */
  start(request: EnclaveRequest): Promise<LabEnclave>
  find(moduleId: string): LabEnclave | undefined
  list(): readonly LabEnclave[]
  /** Answers false where there is none of this id. */
  end(moduleId: string): boolean
}

/** The requests about simulated enclaves that change something, by their path; all are `POST`. */
export function enclaveActionsByPath(enclaves: LabEnclaves): readonly (readonly [path: string, LabAction])[] {
  return [
    ['/lab/enclaves', async (input) => describeEnclave(await enclaves.start(parseEnclaveRequest(input)))],
    [
      '/lab/enclaves/nsm',
      async (input) => {
        const { moduleId, request } = parseModuleRequest(input)
        const enclave = enclaves.find(moduleId)
        if (!enclave) throw unknownEnclave()
        return { response: encodeBase64(enclave.respond(request)) }
      },
    ],
    [
      '/lab/enclaves/end',
      async (input) => {
        if (!enclaves.end(parseEnclaveName(input))) throw unknownEnclave()
        return { status: 'ok' }
      },
    ],
  ]
}

/** What is told of an enclave: `pcrs` holds what every register holds now, `lockedPcrs` the numbers of the final ones. */
export function describeEnclave({
  moduleId,
  instanceId,
  region,
  debug,
  startedAt,
  registers,
}: LabEnclave): object {
  const present = [...registers().entries()]
  return {
    moduleId,
    instanceId,
    region,
    debug,
    startedAt: startedAt.toISOString(),
    pcrs: Object.fromEntries(present.map(([index, { value }]) => [index, toHex(value)])),
    lockedPcrs: present.filter(([, { locked }]) => locked).map(([index]) => index),
  }
}

function unknownEnclave(): HttpError {
  return new HttpError('LAB_ENCLAVE_UNKNOWN', 'no simulated enclave with this module id runs')
}
