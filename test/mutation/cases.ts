import type { TrustAnchor } from '../../src/attestation/trust-anchor.ts'
import type { VerifyOptions } from '../../src/attestation/verify-options.ts'
import { unsafeEvaluationTime } from '../../src/attestation/verify-options.ts'
import { FAULTS, ODDITIES } from '../../src/simulator/faults.ts'
import type { IssuerRequest } from '../../src/simulator/issuer.ts'
import { LabIssuer } from '../../src/simulator/issuer.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import { NONSENSICAL_OPTIONS, ODD_BUT_VALID } from '../attestation/acceptances.ts'
import { ALL_REFUSALS } from '../attestation/refusals/all.ts'
import { makeCatalogueCase } from '../simulator/catalogue-case.ts'
import { toAnchor } from '../simulator/code-from-verifier.ts'
import type { AttestationSpec } from '../support/attestation/an-attestation.ts'
import { JUDGED, makeAttestation } from '../support/attestation/an-attestation.ts'

/** A document, how it is to be verified, and what must come of it: plain data, so that workers can be sent it. */
export interface VerdictCase {
  readonly id: string
  /** The code it must be refused with, the name of another error in brackets, or null where it must be accepted. */
  readonly code: string | null
  /** The function that is asked. */
  readonly entry: 'verifyAttestation' | 'examineAttestation'
  readonly document: Uint8Array
  readonly anchors: readonly TrustAnchor[]
  readonly now: Date
  readonly evaluationTime: 'document' | Date | null
  readonly settings: Pick<VerifyOptions, 'futureSkewSeconds' | 'maxAgeSeconds' | 'demandRecipientKey'>
}

const AT = new Date('2026-04-21T22:09:27.456Z')
/** Under the document's clock the present time must not matter. */
const ANY_TIME = new Date('2048-12-31T00:00:00Z')

/** The faults and oddities of the catalogue, issued once. */
export function makeCatalogue(request: IssuerRequest): readonly VerdictCase[] {
  const issuer = new LabIssuer({ pki: createLabPki({ seed: 'mutation' }), clock: { now: () => AT } })
  return [...FAULTS, ...ODDITIES].map((fault) => {
    const { id, code, verification } = makeCatalogueCase(issuer, fault, { ...request, at: AT })
    const { document, now, roots, maxAgeSeconds, recipientKey = false } = verification
    return {
      id,
      code,
      entry: 'verifyAttestation',
      document,
      anchors: roots.map(toAnchor),
      now: now === 'document' ? ANY_TIME : now,
      evaluationTime: now === 'document' ? now : null,
      settings: { demandRecipientKey: recipientKey, ...(maxAgeSeconds !== undefined && { maxAgeSeconds }) },
    }
  })
}

/** The refusals and acceptances that were written by hand, with a PKI of their own. */
export function makeHandWritten(): readonly VerdictCase[] {
  return [
    ...ALL_REFUSALS.map(({ code, what, spec = {}, options = {} }) =>
      toCase({ id: `${code}: ${what}`, code, spec, options }),
    ),
    ...ODD_BUT_VALID.map(([what, spec, options = {}]) =>
      toCase({ id: `accepted: ${what}`, code: null, spec, options }),
    ),
    ...NONSENSICAL_OPTIONS.map(([what, options]) =>
      toCase({ id: `nonsense: ${what}`, code: '(TypeError)', spec: {}, options }),
    ),
  ]
}

interface HandWritten {
  readonly id: string
  readonly code: string | null
  readonly spec: AttestationSpec
  readonly options: Partial<VerifyOptions>
}

function toCase({ id, code, spec, options }: HandWritten): VerdictCase {
  const { bytes: document, anchor } = makeAttestation(spec)
  const { anchors = [anchor], clock, futureSkewSeconds, maxAgeSeconds, demandRecipientKey = false } = options
  return {
    id,
    code,
    entry: 'examineAttestation',
    document,
    anchors,
    now: clock?.now() ?? JUDGED,
    evaluationTime: options[unsafeEvaluationTime] ?? null,
    settings: {
      demandRecipientKey,
      ...(futureSkewSeconds !== undefined && { futureSkewSeconds }),
      ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    },
  }
}
