import type { VerifiedAttestation } from '../attestation/verified-attestation.ts'
import { toHex } from '../core/bytes.ts'
import type { ConditionEntries } from './condition-keys.ts'

/** NitroTPM has 24 PCRs; of a higher index, which the format of documents allows, there is no condition key. */
const LAST_NITROTPM_PCR = 23

/**
 * The measurements of a verified document as policies ask for them: lower-case hexadecimal digits, one key for each
 * PCR that the document holds, and never keys of the other kind (AWS KMS Developer Guide, Condition keys for attested
 * platforms).
 */
export function attestationConditionKeys({ kind, pcrs }: VerifiedAttestation): ConditionEntries {
  const values = [...pcrs].map(([index, value]) => ({ index, hex: toHex(value) }))
  if (kind === 'nitrotpm') {
    return values
      .filter(({ index }) => index <= LAST_NITROTPM_PCR)
      .map(({ index, hex }) => [`kms:RecipientAttestation:NitroTPMPCR${index}`, hex])
  }
  const image = values.filter(({ index }) => index === 0)
  return [
    ...values.map(({ index, hex }) => [`kms:RecipientAttestation:PCR${index}`, hex] as const),
    ...image.map(({ hex }) => ['kms:RecipientAttestation:ImageSha384', hex] as const),
  ]
}
