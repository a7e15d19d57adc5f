import { encodeBase64 } from '../core/base64.ts'
import type { JsonObject } from '../core/json.ts'

/** What a verified attestation document says, as far as records show it. */
export interface Measurements {
  readonly kind: 'nitro-enclave' | 'nitrotpm'
  readonly moduleId: string
  /** 48 bytes by index, as far as the document holds them. */
  readonly pcrs: ReadonlyMap<number, Uint8Array>
}

/**
 * The PCRs that CloudTrail shows (AWS KMS Developer Guide, "Monitoring requests for Nitro enclaves" and "Monitoring
 * requests for NitroTPM").
 */
const SHOWN_PCRS = {
  'nitro-enclave': [
    [0, 'attestationDocumentEnclaveImageDigest'],
    [1, 'attestationDocumentEnclavePCR1'],
    [2, 'attestationDocumentEnclavePCR2'],
    [3, 'attestationDocumentEnclavePCR3'],
    [4, 'attestationDocumentEnclavePCR4'],
    [8, 'attestationDocumentEnclavePCR8'],
  ],
  nitrotpm: [
    [4, 'attestationDocumentNitroTPMPCR4'],
    [7, 'attestationDocumentNitroTPMPCR7'],
    [8, 'attestationDocumentNitroTPMPCR8'],
    [9, 'attestationDocumentNitroTPMPCR9'],
    [16, 'attestationDocumentNitroTPMPCR16'],
    [23, 'attestationDocumentNitroTPMPCR23'],
  ],
} as const

/** `additionalEventData.recipient` of a call whose document passed every check; PCR values in base64, as in real records. */
export function toRecipientData({ kind, moduleId, pcrs }: Measurements): JsonObject {
  const shown = SHOWN_PCRS[kind].flatMap(([index, member]) => {
    const value = pcrs.get(index)
    return value ? [[member, encodeBase64(value)] as const] : []
  })
  return { attestationDocumentModuleId: moduleId, ...Object.fromEntries(shown) }
}
