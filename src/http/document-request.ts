import type { JsonObject } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import { isRegion } from '../core/partition.ts'
import {
  checkMemberNames,
  parseHexOf,
  readBoolean,
  readBytes,
  readOneOf,
  readText,
  readTime,
  refuseMember,
} from './lab-input.ts'

/** The years whose certificate profiles can be issued. */
const PROFILES = ['2021', '2022', '2024', '2025'] as const
const KINDS = ['nitro-enclave', 'nitrotpm'] as const

/** The document that `POST /lab/documents` asks for. What is `undefined` is left to the issuer. */
export interface DocumentRequest {
  readonly kind: (typeof KINDS)[number]
  /** DER SubjectPublicKeyInfo, or whatever else is to stand in its place. */
  readonly publicKey: Uint8Array | undefined
  readonly nonce: Uint8Array | undefined
  readonly userData: Uint8Array | undefined
  /** 48 bytes each, by index. */
  readonly pcrs: ReadonlyMap<number, Uint8Array>
  readonly region: string | undefined
  readonly instanceId: string | undefined
  /** Whether the enclave runs in debug mode, so that its PCRs are zeros. */
  readonly debug: boolean
  readonly at: Date | undefined
  /** An id of the hostile catalogue. */
  readonly fault: string | undefined
  readonly roleArn: string | undefined
  readonly profile: (typeof PROFILES)[number] | undefined
}

/** The longest public key, nonce or user data that a document may hold, in bytes (Nitro Enclaves attestation process, CDDL). */
const OPTIONAL_FIELD_LIMIT = 1024
/** SHA-384, the digest of all attestation documents. */
const PCR_BYTES = 48
/** Enclaves have 32 registers, a TPM has 24 (Nitro Secure Module API; TCG PC Client Platform TPM Profile). */
const PCR_COUNT = { 'nitro-enclave': 32, nitrotpm: 24 } as const

const readKind = readOneOf(KINDS)
const readProfile = readOneOf(PROFILES)
const readField = readBytes(OPTIONAL_FIELD_LIMIT)
const readInstanceId = readText(/^i-[0-9a-f]{8,17}$/, 'must be an instance id')
const readRegionText = readText(/^[a-z0-9-]+$/, 'must be the name of a Region')
const readRoleArn = readText(
  /^arn:[\w-]{1,32}:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/,
  'must be the ARN of a role',
)

/** Which ids there are is known where documents are made. */
const readFault = readText(/^[a-z0-9-]{1,64}$/, 'must be an id that `attestation faults` lists')

const MEMBERS = [
  'kind',
  'publicKey',
  'nonce',
  'userData',
  'pcrs',
  'region',
  'instanceId',
  'debug',
  'at',
  'fault',
  'roleArn',
  'profile',
] as const

/**
 * Reads the body of `POST /lab/documents`. Throws `HttpError`
 * `ADMIN_INPUT_INVALID`, which names the member.
 */
export function parseDocumentRequest(input: JsonObject): DocumentRequest {
  checkMemberNames(input, MEMBERS)
  const kind = readKind(input, 'kind')
  if (kind === undefined) throw refuseMember('kind', `must be one of ${KINDS.join(', ')}`)
  return {
    kind,
    publicKey: readField(input, 'publicKey'),
    nonce: readField(input, 'nonce'),
    userData: readField(input, 'userData'),
    pcrs: readPcrs(input, PCR_COUNT[kind]),
    region: readRegion(input),
    instanceId: readInstanceId(input, 'instanceId'),
    debug: readBoolean(input, 'debug') ?? false,
    at: readTime(input, 'at'),
    fault: readFault(input, 'fault'),
    roleArn: readRoleArn(input, 'roleArn'),
    profile: readProfile(input, 'profile'),
  }
}

function readRegion(input: JsonObject): string | undefined {
  const region = readRegionText(input, 'region')
  if (region !== undefined && !isRegion(region)) throw refuseMember('region', 'must be the name of a Region')
  return region
}

function readPcrs(input: JsonObject, count: number): ReadonlyMap<number, Uint8Array> {
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
