import { CERTIFICATE_BYTES_REFUSALS } from './certificate-bytes.ts'
import { CERTIFICATE_REFUSALS } from './certificates.ts'
import { CHAIN_REFUSALS } from './chains.ts'
import { COSE_REFUSALS } from './cose.ts'
import { DOCUMENT_REFUSALS } from './documents.ts'
import { INPUT_REFUSALS } from './inputs.ts'
import { RECIPIENT_REFUSALS } from './recipients.ts'
import type { Refusal } from './refusal.ts'
import { TIME_REFUSALS } from './times.ts'

/** Every refusal that was written by hand, apart from the catalogue of the simulator. */
export const ALL_REFUSALS: readonly Refusal[] = [
  ...INPUT_REFUSALS,
  ...COSE_REFUSALS,
  ...DOCUMENT_REFUSALS,
  ...CERTIFICATE_REFUSALS,
  ...CERTIFICATE_BYTES_REFUSALS,
  ...CHAIN_REFUSALS,
  ...TIME_REFUSALS,
  ...RECIPIENT_REFUSALS,
]
