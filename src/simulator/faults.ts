import { SimulatorError } from './errors.ts'
import { AUTHORITY_FAULTS } from './faults/authority-faults.ts'
import { CERTIFICATE_FAULTS } from './faults/certificate-faults.ts'
import { CHAIN_FAULTS } from './faults/chain-faults.ts'
import { COSE_FAULTS } from './faults/cose-faults.ts'
import { DOCUMENT_FAULTS } from './faults/document-faults.ts'
import { CROSS_KIND_CASES } from './faults/cross-kind-cases.ts'
import type { Fault } from './faults/fault.ts'
import { INPUT_FAULTS } from './faults/input-faults.ts'
import { CHAIN_ODDITIES } from './faults/chain-oddities.ts'
import { DOCUMENT_ODDITIES } from './faults/document-oddities.ts'
import { PAYLOAD_FAULTS } from './faults/payload-faults.ts'
import { PCR_FAULTS } from './faults/pcr-faults.ts'
import { RECIPIENT_FAULTS } from './faults/recipient-faults.ts'
import { RECIPIENT_ODDITIES } from './faults/recipient-oddities.ts'
import { TAMPER_FAULTS } from './faults/tamper-faults.ts'
import { TIME_FAULTS } from './faults/time-faults.ts'

/**
 * The hostile catalogue: documents that differ from a good one in exactly one thing, each with the one code that a
 * verifier must refuse it with. Whatever signs the changed part has signed it as it then was, except where the change
 * came after signing and that is the point.
 */
export const FAULTS: readonly Fault[] = [
  ...INPUT_FAULTS,
  ...PAYLOAD_FAULTS,
  ...COSE_FAULTS,
  ...DOCUMENT_FAULTS,
  ...PCR_FAULTS,
  ...CERTIFICATE_FAULTS,
  ...CHAIN_FAULTS,
  ...AUTHORITY_FAULTS,
  ...TIME_FAULTS,
  ...TAMPER_FAULTS,
  ...RECIPIENT_FAULTS,
]

/** Documents that are odd and must be accepted all the same. */
export const ODDITIES: readonly Fault[] = [...DOCUMENT_ODDITIES, ...CHAIN_ODDITIES, ...RECIPIENT_ODDITIES]

const BY_ID: ReadonlyMap<string, Fault> = new Map(
  [...FAULTS, ...ODDITIES, ...CROSS_KIND_CASES].map((fault) => [fault.id, fault]),
)

/** The fault, oddity or cross-kind case of an id. Throws `SimulatorError` `SIMULATOR_FAULT_UNKNOWN` if there is none. */
export function findFault(id: string): Fault {
  const fault = BY_ID.get(id)
  if (!fault)
    throw new SimulatorError(
      'SIMULATOR_FAULT_UNKNOWN',
      'no fault has this id; `attestation faults` lists them',
    )
  return fault
}
