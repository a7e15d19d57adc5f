import { X509Certificate } from 'node:crypto'
import type { JsonObject } from '../core/json.ts'
import { plainBytes } from '../core/plain-bytes.ts'
import {
  readFault,
  readInstanceId,
  readPcrs,
  readProfile,
  readRegion,
  readRoleArn,
} from './enclave-members.ts'
import { checkMemberNames, readBoolean, readBytes, readOneOf, readText, refuseMember } from './lab-input.ts'

/** The simulated enclave that `POST /lab/enclaves` asks for. What is `undefined` is left to the simulator. */
export interface EnclaveRequest {
  readonly region: string | undefined
  readonly instanceId: string | undefined
  readonly debug: boolean
  readonly roleArn: string | undefined
  /** DER of the certificate that signed the enclave image. */
  readonly signingCertificate: Uint8Array | undefined
  /** 48 bytes each, by index. */
  readonly pcrs: ReadonlyMap<number, Uint8Array>
  readonly profile: ReturnType<typeof readProfile>
  /** An id of the hostile catalogue, which every document of the enclave then follows. */
  readonly fault: string | undefined
  /** Whether its module takes user data, nonces and public keys of over 1,024 bytes. */
  readonly longFields: boolean
}

/** A request to the module of a simulated enclave, as `POST /lab/enclaves/nsm` brings it. */
export interface ModuleRequest {
  readonly moduleId: string
  /** CBOR, for the module to judge. */
  readonly request: Uint8Array
}

/** An enclave starts with these registers; the others are its program's (Nitro Secure Module API). */
const BOOT_PCR_COUNT = 16
const CERTIFICATE_LIMIT = 8192
/** Far over what a module reads, so that a request too long is refused by the module, in its own words. */
const MODULE_REQUEST_LIMIT = 65_536

const readKind = readOneOf(['nitro-enclave'])
const readCertificateBytes = readBytes(CERTIFICATE_LIMIT)
const readModuleRequest = readBytes(MODULE_REQUEST_LIMIT)
const readModuleId = readText(/^[\w-]{1,64}$/, 'must be the module id of a simulated enclave')

const MEMBERS = [
  'kind',
  'region',
  'instanceId',
  'debug',
  'roleArn',
  'signingCertificate',
  'pcrs',
  'profile',
  'fault',
  'longFields',
]

/** Reads the body of `POST /lab/enclaves`. Throws `HttpError` `ADMIN_INPUT_INVALID`, which names the member. */
export function parseEnclaveRequest(input: JsonObject): EnclaveRequest {
  checkMemberNames(input, MEMBERS)
  readKind(input, 'kind')
  return {
    region: readRegion(input, 'region'),
    instanceId: readInstanceId(input, 'instanceId'),
    debug: readBoolean(input, 'debug') ?? false,
    roleArn: readRoleArn(input, 'roleArn'),
    signingCertificate: readCertificate(input),
    pcrs: readPcrs(input, BOOT_PCR_COUNT),
    profile: readProfile(input, 'profile'),
    fault: readFault(input, 'fault'),
    longFields: readBoolean(input, 'longFields') ?? false,
  }
}

/** Reads the body of `POST /lab/enclaves/nsm`. Throws `HttpError` `ADMIN_INPUT_INVALID`, which names the member. */
export function parseModuleRequest(input: JsonObject): ModuleRequest {
  checkMemberNames(input, ['moduleId', 'request'])
  const request = readModuleRequest(input, 'request')
  if (!request) throw refuseMember('request', `must be base64 of at most ${MODULE_REQUEST_LIMIT} bytes`)
  return { moduleId: requireModuleId(input), request }
}

/** Reads the body of `POST /lab/enclaves/end`. Throws `HttpError` `ADMIN_INPUT_INVALID`, which names the member. */
export function parseEnclaveName(input: JsonObject): string {
  checkMemberNames(input, ['moduleId'])
  return requireModuleId(input)
}

function requireModuleId(input: JsonObject): string {
  const moduleId = readModuleId(input, 'moduleId')
  if (moduleId === undefined) {
    throw refuseMember('moduleId', 'must be the module id of a simulated enclave')
  }
  return moduleId
}

function readCertificate(input: JsonObject): Uint8Array | undefined {
  const bytes = readCertificateBytes(input, 'signingCertificate')
  if (!bytes) return undefined
  try {
    // What is measured is the certificate alone, without what may stand around it.
    return plainBytes(new X509Certificate(bytes).raw)
  } catch {
    throw refuseMember('signingCertificate', 'must be base64 of an X.509 certificate')
  }
}
