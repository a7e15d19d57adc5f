import type { Certificate } from './certificate.ts'
import type { Chain } from './chain.ts'
import { toPath } from './chain.ts'
import type { AttestationDocument } from './document.ts'
import type { AttestationErrorCode } from './errors.ts'
import type { EvaluationTime } from './evaluation-time.ts'
import type { UnverifiedParts } from './attestation-report.ts'
import type { TrustAnchor } from './trust-anchor.ts'
import type { CertificateSummary } from './verified-attestation.ts'

/** How far the verification of one document has come. Each part is there once it has been read. */
export interface Progress {
  document?: AttestationDocument
  time?: EvaluationTime
  anchor?: TrustAnchor
  chain?: Chain
}

/** What was read so far, for the report on a refused document. */
export function toUnverifiedParts({ document, chain }: Progress): UnverifiedParts {
  if (!document) return { kind: null, document: null, chain: null }
  const { kind, moduleId, timestampMilliseconds, pcrs, publicKey, userData, nonce } = document
  const timestamp = toDate(timestampMilliseconds)
  return {
    kind,
    document: { moduleId, timestamp, pcrs, publicKey, userData, nonce },
    chain: chain ? summarizeChain(chain) : null,
  }
}

/** Certificates in a few words, root first. */
export function summarizeChain(chain: Chain): readonly CertificateSummary[] {
  return toPath(chain).map(({ certificate }) => summarize(certificate))
}

function summarize({ subjectText, validity, sha256 }: Certificate): CertificateSummary {
  return {
    subject: subjectText,
    // Dates of their own: whoever changes one must not change the certificate, which may stay in a cache.
    notBefore: validity && new Date(validity.notBefore),
    notAfter: validity && new Date(validity.notAfter),
    sha256,
  }
}

/** What there was to see at some of the checks. */
export function describeProgress({
  document,
  time,
  anchor,
  chain,
}: Progress): ReadonlyMap<AttestationErrorCode, string> {
  const details = new Map<AttestationErrorCode, string>()
  if (document) {
    const made = toDate(document.timestampMilliseconds)?.toISOString() ?? 'beyond all dates'
    details.set('DOCUMENT_KIND_UNKNOWN', document.kind)
    details.set('DOCUMENT_MODULE_ID_INVALID', document.moduleId)
    details.set('DOCUMENT_PCR_COUNT_INVALID', `${document.pcrs.size} PCRs`)
    details.set('DOCUMENT_CABUNDLE_COUNT_INVALID', `${document.cabundle.length} certificates`)
    details.set('DOCUMENT_FROM_FUTURE', `made ${made}`)
  }
  if (anchor) details.set('CHAIN_UNTRUSTED_ROOT', `${anchor.name}, SHA-256 ${anchor.sha256}`)
  if (time && chain) {
    const at = toDate(time.milliseconds)?.toISOString() ?? 'beyond all dates'
    const ends = toPath(chain).flatMap(({ certificate }) => certificate.validity?.notAfter ?? [])
    const end = new Date(Math.min(...ends.map((date) => date.getTime())))
    details.set('CHAIN_NOT_YET_VALID', `judged at ${at}, ${CLOCK_NAMES[time.clock]}`)
    if (ends.length > 0) details.set('CHAIN_EXPIRED', `until ${end.toISOString()}`)
  }
  return details
}

const CLOCK_NAMES = {
  present: 'the present time',
  fixed: 'a fixed time',
  document: 'the time of the document itself',
} as const

function toDate(milliseconds: number): Date | null {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? null : date
}
