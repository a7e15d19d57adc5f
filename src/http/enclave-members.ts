import type { JsonObject } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import { isRegion } from '../core/partition.ts'
import type { ReadMember } from './lab-input.ts'
import { parseHexOf, readOneOf, readText, refuseMember } from './lab-input.ts'

/** The years whose certificate profiles can be issued. */
const PROFILES = ['2021', '2022', '2024', '2025'] as const
/** SHA-384, the digest of all attestation documents. */
const PCR_BYTES = 48

const readRegionText = readText(/^[a-z0-9-]+$/, 'must be the name of a Region')

/** `i-` and hexadecimal digits. */
export const readInstanceId: ReadMember<string> = readText(/^i-[0-9a-f]{8,17}$/, 'must be an instance id')

/** The ARN of an IAM role. */
export const readRoleArn: ReadMember<string> = readText(
  /^arn:[\w-]{1,32}:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/,
  'must be the ARN of a role',
)

/** A year whose shape of documents is wanted. */
export const readProfile: ReadMember<(typeof PROFILES)[number]> = readOneOf(PROFILES)

/** An id of the hostile catalogue; which there are is known where documents are made. */
export const readFault: ReadMember<string> = readText(
  /^[a-z0-9-]{1,64}$/,
  'must be an id that `attestation faults` lists',
)

/** The name of a Region. */
export const readRegion: ReadMember<string> = (input, member) => {
  const region = readRegionText(input, member)
  if (region !== undefined && !isRegion(region)) throw refuseMember(member, 'must be the name of a Region')
  return region
}

/**
 * The member `pcrs`: an object from the number of a register, below `count`, to the hexadecimal digits of 48 bytes.
 * Throws `HttpError` `ADMIN_INPUT_INVALID`.
 */
export function readPcrs(input: JsonObject, count: number): ReadonlyMap<number, Uint8Array> {
  const given = input['pcrs'] ?? null
  if (given === null) return new Map()
  if (!isJsonObject(given)) throw refuseMember('pcrs', 'must be an object from index to hexadecimal digits')
  return new Map(
    Object.entries(given).map(([index, value]) => {
      const bytes = parseHexOf(PCR_BYTES, value)
      if (!/^(?:0|[1-9]\d?)$/.test(index) || Number(index) >= count || !bytes) {
        throw refuseMember(
          `pcrs.${index.slice(0, 8)}`,
          `must be ${PCR_BYTES * 2} hexadecimal digits at an index below ${count}`,
        )
      }
      return [Number(index), bytes]
    }),
  )
}
