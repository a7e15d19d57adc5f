import { cborArray, cborBytes, cborInteger, cborMap, cborText } from '../cbor-writer.ts'
import type { PcrRegister } from './pcr-bank.ts'

/*
 * Responses of a Nitro Secure Module, byte for byte as serde writes the `Response` of aws-nitro-enclaves-nsm-api: a text
 * for one without fields, else `{name: {field: value}}` with definite lengths and the fields in their declared order.
 * The Linux driver compares the beginning of the `GetRandom` response as bytes (`drivers/misc/nsm.c`).
 */

/** The names of errors that are sent (aws-nitro-enclaves-nsm-api, `ErrorCode`); the library adds further ones itself. */
export type NsmErrorName =
  'InvalidIndex' | 'ReadOnlyIndex' | 'InvalidOperation' | 'BufferTooSmall' | 'InputTooLarge' | 'InternalError'

/** The longest response that a module gives, in bytes (Linux, `include/uapi/linux/nsm.h`). */
export const RESPONSE_LIMIT = 12_288

/** What `DescribeNSM` says of a module. */
export interface NsmDescription {
  readonly moduleId: string
  readonly maxPcrs: number
  readonly lockedPcrs: readonly number[]
}

const FALSE = Uint8Array.of(0xf4)
const TRUE = Uint8Array.of(0xf5)

/** `{"Error": name}`. */
export function errorResponse(error: NsmErrorName): Uint8Array {
  return cborMap([{ key: cborText('Error'), value: cborText(error) }])
}

/** The response to a lock: its name alone. */
export function lockResponse(name: 'LockPCR' | 'LockPCRs'): Uint8Array {
  return cborText(name)
}

/** The response to `DescribePCR`. */
export function registerResponse({ locked, value }: PcrRegister): Uint8Array {
  return response('DescribePCR', [
    ['lock', locked ? TRUE : FALSE],
    ['data', cborBytes(value)],
  ])
}

/** The responses that hold one byte string. */
export function bytesResponse(
  name: 'ExtendPCR' | 'Attestation' | 'GetRandom',
  bytes: Uint8Array,
): Uint8Array {
  return response(name, [[BYTES_FIELD[name], cborBytes(bytes)]])
}

const BYTES_FIELD = { ExtendPCR: 'data', Attestation: 'document', GetRandom: 'random' } as const

/** The response to `DescribeNSM`. The version is the one that QEMU's module tells; AWS's is not published. */
export function descriptionResponse({ moduleId, maxPcrs, lockedPcrs }: NsmDescription): Uint8Array {
  return response('DescribeNSM', [
    ['version_major', cborInteger(1)],
    ['version_minor', cborInteger(0)],
    ['version_patch', cborInteger(0)],
    ['module_id', cborText(moduleId)],
    ['max_pcrs', cborInteger(maxPcrs)],
    ['locked_pcrs', cborArray(lockedPcrs.map(cborInteger))],
    ['digest', cborText('SHA384')],
  ])
}

function response(name: string, fields: readonly (readonly [name: string, value: Uint8Array])[]): Uint8Array {
  const value = cborMap(fields.map(([field, encoded]) => ({ key: cborText(field), value: encoded })))
  return cborMap([{ key: cborText(name), value }])
}
