import type { JsonObject } from '../core/json.ts'
import {
  readFault,
  readInstanceId,
  readPcrs,
  readProfile,
  readRegion,
  readRoleArn,
} from './enclave-members.ts'
import { checkMemberNames, readBoolean, readBytes, readOneOf, readTime, refuseMember } from './lab-input.ts'

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
  readonly profile: ReturnType<typeof readProfile>
}

/** The longest public key, nonce or user data that a document may hold, in bytes (Nitro Enclaves attestation process, CDDL). */
const OPTIONAL_FIELD_LIMIT = 1024
/** Enclaves have 32 registers, a TPM has 24 (Nitro Secure Module API; TCG PC Client Platform TPM Profile). */
const PCR_COUNT = { 'nitro-enclave': 32, nitrotpm: 24 } as const

const readKind = readOneOf(KINDS)
const readField = readBytes(OPTIONAL_FIELD_LIMIT)

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
    region: readRegion(input, 'region'),
    instanceId: readInstanceId(input, 'instanceId'),
    debug: readBoolean(input, 'debug') ?? false,
    at: readTime(input, 'at'),
    fault: readFault(input, 'fault'),
    roleArn: readRoleArn(input, 'roleArn'),
    profile: readProfile(input, 'profile'),
  }
}
