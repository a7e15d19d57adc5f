import type { AttestationReport, UnverifiedDocument } from '../attestation/attestation-report.ts'
import type { CertificateSummary, VerifiedAttestation } from '../attestation/verified-attestation.ts'
import { encodeBase64 } from '../core/base64.ts'
import { toHex } from '../core/bytes.ts'

/** The line that `attestation verify --json` prints for a document. */
export function toVerdictJson(file: string, report: AttestationReport): object {
  if (report.verdict === 'accepted') {
    const { attestation, checks } = report
    const { kind } = attestation
    const [document, chain] = [toDocumentJson(attestation), attestation.chain.map(toCertificateJson)]
    return { file, verdict: 'accepted', code: null, message: null, kind, checks, document, chain }
  }
  const { error, checks, unverified } = report
  return {
    file,
    verdict: 'rejected',
    verified: false,
    code: error.code,
    message: error.message,
    kind: unverified.kind,
    checks,
    document: unverified.document && toDocumentJson(unverified.document),
    chain: unverified.chain?.map(toCertificateJson) ?? null,
  }
}

/** What `attestation verify` prints for a person. */
export function toVerdictText(file: string, report: AttestationReport): string {
  if (report.verdict === 'accepted') {
    return [`${file}: accepted`, ...describeVerified(report.attestation), ''].join('\n')
  }
  const { error, checks, unverified } = report
  const passed = checks.filter(({ outcome }) => outcome === 'passed').length
  const failed = checks.find(({ outcome }) => outcome === 'failed')
  const { kind, document } = unverified
  const claims = kind && document ? [`  says of itself, unverified: ${kind} ${document.moduleId}`] : []
  return [
    `${file}: rejected, ${error.code}`,
    `  ${error.message}`,
    `  check ${passed + 1} of ${checks.length}: ${failed?.name ?? ''}`,
    ...claims,
    '',
  ].join('\n')
}

function describeVerified(attestation: VerifiedAttestation): readonly string[] {
  const { kind, moduleId, timestamp, anchor, chain, pcrs } = attestation
  const clock = CLOCK_TEXTS[attestation.evaluationClock]
  const measured = Array.from(pcrs).filter(([, value]) => value.some((octet) => octet !== 0))
  return [
    `  ${kind} ${moduleId}`,
    `  made      ${timestamp.toISOString()}`,
    `  judged at ${attestation.evaluatedAt.toISOString()}, ${clock}`,
    `  valid     ${attestation.validFrom.toISOString()} to ${attestation.validUntil.toISOString()}`,
    `  root      ${anchor.name}, SHA-256 ${anchor.sha256}`,
    ...chain.slice(1).map(({ subject }) => `            ${subject}`),
    ...measured.map(([index, value]) => `  PCR${String(index).padEnd(7)}${toHex(value)}`),
    `  ${pcrs.size - measured.length} of ${pcrs.size} PCRs are zero`,
  ]
}

const CLOCK_TEXTS = {
  present: 'the present time',
  fixed: 'a fixed time: says nothing about now',
  document: 'its own time: says nothing about now',
} as const

function toDocumentJson({
  moduleId,
  timestamp,
  pcrs,
  publicKey,
  userData,
  nonce,
}: UnverifiedDocument): object {
  return {
    moduleId,
    timestamp: timestamp?.toISOString() ?? null,
    pcrs: Object.fromEntries(Array.from(pcrs, ([index, value]) => [String(index), toHex(value)])),
    publicKey: publicKey && encodeBase64(publicKey),
    userData: userData && encodeBase64(userData),
    nonce: nonce && encodeBase64(nonce),
  }
}

function toCertificateJson({ subject, notBefore, notAfter, sha256 }: CertificateSummary): object {
  return {
    subject,
    notBefore: notBefore?.toISOString() ?? null,
    notAfter: notAfter?.toISOString() ?? null,
    sha256,
  }
}
