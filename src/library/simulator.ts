/**
 * The library entry `attested-kms/simulator`: issues attestation documents of the shape that AWS's have, good ones and
 * bad ones, below the root of a lab. Names what is public, so that everything else may change; nothing in the project
 * imports it.
 */

export { createLabPki } from '../simulator/lab-pki.ts'
export type { LabPki, LabPkiOptions } from '../simulator/lab-pki.ts'

export { issueDocument } from '../simulator/issue-document.ts'
export type { IssuedDocument } from '../simulator/issue-document.ts'
export type { IssueOptions } from '../simulator/issue-request.ts'
export type { DocumentKind } from '../simulator/module-id.ts'
export type { PcrValues } from '../simulator/pcr.ts'
export { PROFILES } from '../simulator/profile.ts'
export type { ProfileName } from '../simulator/profile.ts'

export { LabIssuer } from '../simulator/issuer.ts'
export type { IssuerRequest, LabIssuerOptions } from '../simulator/issuer.ts'

export { createEnclaveHost, startEnclave } from '../simulator/nsm/simulated-enclave.ts'
export type { EnclaveHost, EnclaveOptions, SimulatedEnclave } from '../simulator/nsm/simulated-enclave.ts'
export { createEnclaveRegistry } from '../simulator/nsm/enclave-registry.ts'
export type { EnclaveRegistry } from '../simulator/nsm/enclave-registry.ts'
export { openNsmSocket } from '../simulator/nsm/nsm-socket.ts'
export type { NsmSocket, NsmSocketLimits } from '../simulator/nsm/nsm-socket.ts'

export { FAULTS, ODDITIES, findFault } from '../simulator/faults.ts'
export { CROSS_KIND_CASES } from '../simulator/faults/cross-kind-cases.ts'
export type { CrossKindCase } from '../simulator/faults/cross-kind-cases.ts'
export type { Fault, VerifyWith } from '../simulator/faults/fault.ts'

export { SimulatorError } from '../simulator/errors.ts'
export type { SimulatorErrorCode } from '../simulator/errors.ts'

export { MovableClock, systemClock } from '../core/clock.ts'
export type { Clock } from '../core/clock.ts'

export { systemRandom } from '../core/random.ts'
export type { Random } from '../core/random.ts'
