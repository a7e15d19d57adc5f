import { isRegion } from '../core/partition.ts'
import { SimulatorError } from './errors.ts'
import type { LabPki } from './lab-pki.ts'
import type { AttestedModule, DocumentKind } from './module-id.ts'
import { defaultInstanceId, nameModule } from './module-id.ts'
import type { PcrValues } from './pcr.ts'
import { measure } from './pcr.ts'
import type { ProfileName } from './profile.ts'
import { PROFILES } from './profile.ts'
import { requireBytes, requireDate, requireOneOf, requireText } from './require-type.ts'

/** What a document is to say. Everything but kind and time has a default. */
export interface IssueOptions {
  readonly kind: DocumentKind
  /**
   * The time of the document, to the millisecond; certificates begin and end in relation to it, the leaf three hours
   * after it.
   */
  readonly at: Date
  /** The Region in the names of the certificates; `us-east-1` unless given. */
  readonly region?: string | undefined
  /** `i-` and 17 hexadecimal digits; follows from the seed unless given. */
  readonly instanceId?: string | undefined
  /** When the enclave was started; an hour before `at` unless given. It goes into the module id. */
  readonly startedAt?: Date | undefined
  /**
   * Put into the document as they are, of any length (AWS's have 1,024 bytes at most); null and absent both give null,
   * as AWS writes unused fields. A recipient key is an RSA SubjectPublicKeyInfo in DER.
   */
  readonly publicKey?: Uint8Array | null | undefined
  readonly nonce?: Uint8Array | null | undefined
  readonly userData?: Uint8Array | null | undefined
  /** Measurements in place of the defaults: 48 bytes (SHA-384) by index, 0 to 31. */
  readonly pcrs?: PcrValues | undefined
  /** Enclave in debug mode: PCR0, 1, 2 and 8 are zero unless `pcrs` gives them. */
  readonly debug?: boolean | undefined
  /** ARN of the instance's role; measured into PCR3 of an enclave, which is zero without. */
  readonly roleArn?: string | undefined
  /** DER of the certificate that signed the enclave image; measured into PCR8, which is zero without. */
  readonly signingCertificate?: Uint8Array | undefined
  /** The year whose document shape is wanted; `2025` unless given. */
  readonly profile?: ProfileName | undefined
  /** Id of a fault, an oddity or a cross-kind case (`findFault`); the document then differs from a good one in that. */
  readonly fault?: string | undefined
}

/** `IssueOptions` with every default filled in and every value checked. */
export interface IssueRequest {
  readonly kind: DocumentKind
  readonly at: Date
  readonly region: string
  readonly instanceId: string
  readonly module: AttestedModule
  readonly publicKey: Uint8Array | null
  readonly nonce: Uint8Array | null
  readonly userData: Uint8Array | null
  readonly pcrs: PcrValues
  readonly profile: ProfileName
}

const HOUR_MILLISECONDS = 3_600_000

/**
 * Checks what is asked and fills in the rest. Throws `SimulatorError`: `SIMULATOR_TIME_INVALID` for no valid
 * time, `SIMULATOR_REGION_INVALID`, `SIMULATOR_INSTANCE_ID_INVALID`, `SIMULATOR_PCR_INVALID`, and
 * `SIMULATOR_OPTION_NOT_FOR_KIND` for what only an enclave has. Throws `TypeError` for values of another type.
 */
export function resolveRequest(pki: LabPki, options: IssueOptions): IssueRequest {
  const { kind, at, region = 'us-east-1', instanceId = defaultInstanceId(pki.derive) } = options
  requireTypes(options)
  refuseEnclaveOptions(options)
  return {
    kind,
    at,
    region: checkedRegion(region),
    instanceId: checkedInstanceId(instanceId),
    module: nameModule(pki.derive, kind, { instanceId, startedAt: checkedStart(options) }),
    publicKey: options.publicKey ?? null,
    nonce: options.nonce ?? null,
    userData: options.userData ?? null,
    pcrs: measuredPcrs(pki, options, instanceId),
    profile: options.profile ?? '2025',
  }
}

function requireTypes(options: { readonly [Name in keyof IssueOptions]: unknown }): void {
  const { kind, at, startedAt, roleArn, profile } = options
  requireOneOf('kind', kind, ['nitro-enclave', 'nitrotpm'])
  requireDate('at', at)
  if (startedAt !== undefined) requireDate('startedAt', startedAt)
  if (roleArn !== undefined) requireText('roleArn', roleArn)
  if (profile !== undefined) requireOneOf('profile', profile, PROFILES)
  for (const name of ['publicKey', 'nonce', 'userData', 'signingCertificate'] as const) {
    if (options[name] !== undefined && options[name] !== null) requireBytes(name, options[name])
  }
}

function measuredPcrs(pki: LabPki, options: IssueOptions, instanceId: string): PcrValues {
  const { kind, roleArn, signingCertificate, debug = false, pcrs = new Map<number, Uint8Array>() } = options
  const source = { instanceId, debug, roleArn, signingCertificate }
  return measure(pki.derive, kind, { source, overrides: pcrs })
}

/** The start of the enclave, once both times are known to be times. */
function checkedStart({ at, startedAt }: IssueOptions): Date {
  const start = startedAt ?? new Date(at.getTime() - HOUR_MILLISECONDS)
  // A comparison with an invalid date is false.
  if (!(at.getTime() >= 0 && start.getTime() >= 0)) {
    throw new SimulatorError('SIMULATOR_TIME_INVALID', 'the times of a document lie after 1970')
  }
  return start
}

function checkedRegion(region: string): string {
  if (isRegion(region)) return region
  throw new SimulatorError('SIMULATOR_REGION_INVALID', 'no Region has this name')
}

function checkedInstanceId(instanceId: string): string {
  if (/^i-[0-9a-f]{17}$/.test(instanceId)) return instanceId
  throw new SimulatorError('SIMULATOR_INSTANCE_ID_INVALID', 'an instance id is i- and 17 hexadecimal digits')
}

/** A TPM has no debug mode, and its registers know neither role nor image certificate. */
function refuseEnclaveOptions({ kind, debug, roleArn, signingCertificate }: IssueOptions): void {
  if (kind === 'nitrotpm' && (debug === true || roleArn !== undefined || signingCertificate !== undefined)) {
    throw new SimulatorError(
      'SIMULATOR_OPTION_NOT_FOR_KIND',
      'debug mode, role ARN and signing certificate are measured in enclaves only',
    )
  }
}
