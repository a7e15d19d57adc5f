import type { AttestationErrorCode } from '../../../src/attestation/errors.ts'
import { AttestationError } from '../../../src/attestation/errors.ts'
import type { VerifyOptions } from '../../../src/attestation/verify-options.ts'
import { verifyAttestation } from '../../../src/attestation/verify.ts'
import { JUDGED, makeAttestation } from './an-attestation.ts'
import type { AttestationSpec } from './an-attestation.ts'

/** The code that something throws; `null` where it throws nothing. Whatever is no `AttestationError` goes on. */
export function codeOf(action: () => unknown): AttestationErrorCode | null {
  try {
    action()
    return null
  } catch (error) {
    if (error instanceof AttestationError) return error.code
    throw error
  }
}

/** The code that a document is refused with; `null` where it is accepted. */
export async function verdictOn(
  spec: AttestationSpec,
  options: Partial<VerifyOptions> = {},
): Promise<AttestationErrorCode | null> {
  const { bytes, anchor } = makeAttestation(spec)
  try {
    await verifyAttestation(bytes, { anchors: [anchor], clock: { now: () => JUDGED }, ...options })
    return null
  } catch (error) {
    if (error instanceof AttestationError) return error.code
    throw error
  }
}
