import type { Random } from '../../core/random.ts'
import { SimulatorError } from '../errors.ts'
import type { PcrValues } from '../pcr.ts'
import type { AttestationWishes, NsmRequest } from './nsm-request.ts'
import { parseNsmRequest, REQUEST_LIMIT } from './nsm-request.ts'
import {
  bytesResponse,
  descriptionResponse,
  errorResponse,
  lockResponse,
  registerResponse,
  RESPONSE_LIMIT,
} from './nsm-response.ts'
import type { PcrBank, PcrRegister } from './pcr-bank.ts'
import { extendRegister, lockedValues, lockRegister } from './pcr-bank.ts'

/** What a module is made of, beside its registers. */
export interface NsmParts {
  readonly moduleId: string
  readonly random: Random
  /** The longest user data, nonce or public key that is taken, in bytes. */
  readonly fieldLimit: number
  /** Makes a document of the present time. A `SimulatorError` is answered with `InternalError`. */
  readonly attest: (wishes: AttestationWishes, pcrs: PcrValues) => Uint8Array
}

/** The answer to a request, and the registers after it. */
export interface NsmAnswer {
  readonly response: Uint8Array
  readonly registers: PcrBank
}

/** How many random bytes `GetRandom` gives. */
const RANDOM_LENGTH = 256

/**
 * What a Nitro Secure Module does with a request: CBOR in, exactly one CBOR item of at most 12,288 bytes out. It never
 * throws for what the request holds; what a module refuses it refuses by an `Error` response (aws-nitro-enclaves-nsm-api,
 * `Request`, `Response` and `ErrorCode`; where AWS says nothing, as QEMU's `hw/virtio/virtio-nsm.c` does).
 */
export function answerRequest(parts: NsmParts, registers: PcrBank, request: Uint8Array): NsmAnswer {
  if (request.length > REQUEST_LIMIT) return { response: errorResponse('InputTooLarge'), registers }
  const parsed = parseNsmRequest(request)
  if (!parsed) return { response: errorResponse('InvalidOperation'), registers }
  switch (parsed.operation) {
    case 'ExtendPCR':
      return changeOne(registers, parsed.index, (register) => {
        const extended = extendRegister(register, parsed.data)
        return { register: extended, response: bytesResponse('ExtendPCR', extended.value) }
      })
    case 'LockPCR':
      return changeOne(registers, parsed.index, (register) => ({
        register: lockRegister(register),
        response: lockResponse('LockPCR'),
      }))
    case 'LockPCRs':
      return lockBelow(registers, parsed.range)
    default:
      return { response: tell(parts, registers, parsed), registers }
  }
}

interface RegisterChange {
  readonly register: PcrRegister
  readonly response: Uint8Array
}

/** Changes a register that exists and is open. */
function changeOne(
  registers: PcrBank,
  index: number,
  change: (register: PcrRegister) => RegisterChange,
): NsmAnswer {
  const present = registers[index]
  if (!present) return { response: errorResponse('InvalidIndex'), registers }
  if (present.locked) return { response: errorResponse('ReadOnlyIndex'), registers }
  const { register, response } = change(present)
  return { response, registers: registers.with(index, register) }
}

/** Those that are locked already do not matter. */
function lockBelow(registers: PcrBank, range: number): NsmAnswer {
  if (range > registers.length) return { response: errorResponse('InvalidIndex'), registers }
  return {
    response: lockResponse('LockPCRs'),
    registers: registers.map((register, index) => (index < range ? lockRegister(register) : register)),
  }
}

/** The requests that change nothing. */
type Question = Exclude<NsmRequest, { readonly operation: 'ExtendPCR' | 'LockPCR' | 'LockPCRs' }>

function tell(parts: NsmParts, registers: PcrBank, question: Question): Uint8Array {
  if (question.operation === 'Attestation') return attest(parts, registers, question.wishes)
  if (question.operation === 'DescribePCR') {
    const register = registers[question.index]
    return register ? registerResponse(register) : errorResponse('InvalidIndex')
  }
  if (question.operation === 'GetRandom') return bytesResponse('GetRandom', parts.random.bytes(RANDOM_LENGTH))
  return descriptionResponse({
    moduleId: parts.moduleId,
    maxPcrs: registers.length,
    lockedPcrs: [...lockedValues(registers).keys()],
  })
}

function attest(parts: NsmParts, registers: PcrBank, wishes: AttestationWishes): Uint8Array {
  const fields = [wishes.userData, wishes.nonce, wishes.publicKey]
  if (fields.some((field) => field !== null && field.length > parts.fieldLimit)) {
    return errorResponse('InputTooLarge')
  }
  try {
    const response = bytesResponse('Attestation', parts.attest(wishes, lockedValues(registers)))
    // Good documents are far shorter; one that was made too long on purpose does not fit.
    return response.length > RESPONSE_LIMIT ? errorResponse('BufferTooSmall') : response
  } catch (error) {
    if (error instanceof SimulatorError) return errorResponse('InternalError')
    throw error
  }
}
