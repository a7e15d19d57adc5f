import type { Clock } from '../../core/clock.ts'
import type { Random } from '../../core/random.ts'
import { SimulatorError } from '../errors.ts'
import { findFault } from '../faults.ts'
import type { IssueOptions } from '../issue-request.ts'
import { resolveRequest } from '../issue-request.ts'
import { LabIssuer } from '../issuer.ts'
import type { LabPki } from '../lab-pki.ts'
import type { NsmParts } from './nsm.ts'
import { answerRequest } from './nsm.ts'
import { REQUEST_LIMIT } from './nsm-request.ts'
import type { PcrBank } from './pcr-bank.ts'
import { BOOT_PCR_COUNT, startBank } from './pcr-bank.ts'

/** The machine that simulated enclaves run on: what their documents hang on, and their time. */
export interface EnclaveHost {
  readonly pki: LabPki
  /** Issues the documents; certificates are used again from one enclave to another of the same instance. */
  readonly issuer: LabIssuer
  readonly clock: Clock
  readonly random: Random
}

/** What an enclave is. Everything has a default, as in `IssueOptions`. */
export interface EnclaveOptions extends Pick<
  IssueOptions,
  'region' | 'instanceId' | 'debug' | 'roleArn' | 'signingCertificate' | 'profile' | 'fault'
> {
  /** Measurements in place of the defaults, 48 bytes each, of registers 0 to 15; the others start at zero. */
  readonly pcrs?: IssueOptions['pcrs']
  /** Take user data, nonces and public keys of over 1,024 bytes, which are refused otherwise. */
  readonly longFields?: boolean | undefined
}

/** An enclave that runs, and its Nitro Secure Module. */
export interface SimulatedEnclave {
  /** `<instance id>-enc<16 hex>`. */
  readonly moduleId: string
  readonly instanceId: string
  readonly region: string
  readonly debug: boolean
  readonly startedAt: Date
  /** A copy of the registers as they are now. */
  readonly registers: () => PcrBank
  /** Answers a request of the enclave's program to its module, see `answerRequest`. Requests take effect in turn. */
  readonly respond: (request: Uint8Array) => Uint8Array
}

/** The longest user data, nonce or public key of a document, in bytes (Nitro Enclaves attestation process, CDDL). */
export const FIELD_LIMIT = 1024

/** Makes a host whose enclaves hang on a lab. */
export function createEnclaveHost(parts: Omit<EnclaveHost, 'issuer'>): EnclaveHost {
  return { ...parts, issuer: new LabIssuer(parts) }
}

/**
 * Starts an enclave at the present time, or at the time given. Throws `SimulatorError` as `issueDocument` does for
 * options that cannot be met, `SIMULATOR_BOOT_PCR_INVALID` for a register of the program's.
 */
export function startEnclave(
  { pki, issuer, clock, random }: EnclaveHost,
  options: EnclaveOptions = {},
  startedAt: Date = clock.now(),
): SimulatedEnclave {
  const { longFields = false, debug = false, ...wanted } = options
  const kind = 'nitro-enclave'
  if (wanted.fault !== undefined) findFault(wanted.fault)
  const { module, instanceId, region, pcrs } = resolveRequest(pki, {
    ...wanted,
    debug,
    kind,
    at: startedAt,
    startedAt,
  })
  if ([...pcrs.keys()].some((index) => index >= BOOT_PCR_COUNT)) {
    throw new SimulatorError(
      'SIMULATOR_BOOT_PCR_INVALID',
      'an enclave starts with PCR0 to PCR15; the others are zero until its program extends them',
    )
  }
  const { profile, fault } = wanted
  const parts: NsmParts = {
    moduleId: module.moduleId,
    random,
    fieldLimit: longFields ? REQUEST_LIMIT : FIELD_LIMIT,
    // Role, image and debug mode have gone into the registers already.
    attest: (wishes, locked) =>
      issuer.issue({ kind, region, instanceId, startedAt, profile, fault, pcrs: locked, ...wishes }).document,
  }
  let bank = startBank(pcrs)
  return {
    moduleId: module.moduleId,
    instanceId,
    region,
    debug,
    startedAt,
    registers: () => bank.map(({ value, locked }) => ({ value: new Uint8Array(value), locked })),
    respond(request) {
      const { response, registers } = answerRequest(parts, bank, request)
      bank = registers
      return response
    },
  }
}
