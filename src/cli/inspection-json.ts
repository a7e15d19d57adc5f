import type { AttestationError } from '../attestation/errors.ts'
import type { AttestationInspection, InspectedBytes } from '../attestation/inspect.ts'
import type { InspectedCertificate } from '../attestation/inspected-certificate.ts'
import { encodeBase64 } from '../core/base64.ts'
import type { InspectionJudgement } from './inspection-judgement.ts'

/** The line that `attestation inspect --json` prints. */
export function toInspectionJson(
  file: string,
  inspection: AttestationInspection,
  judgement: InspectionJudgement,
): object {
  const { stoppedBy, timestamp, module, publicKey, userData, nonce, chain, ...rest } = inspection
  return {
    file,
    verified: false,
    ...toJudgementJson(judgement),
    stoppedBy: toErrorJson(stoppedBy),
    ...rest,
    module: module && { ...module, startedAt: toTime(module.startedAt) },
    timestamp: toTime(timestamp),
    publicKey: publicKey && {
      ...toBytesJson(publicKey),
      recipientFault: toErrorJson(publicKey.recipientFault),
    },
    userData: userData && toBytesJson(userData),
    nonce: nonce && toBytesJson(nonce),
    chain: chain.map((certificate) => toCertificateJson(certificate, judgement)),
  }
}

function toJudgementJson({ at, clock, wrong, further, acceptability }: InspectionJudgement): object {
  const window = 'from' in acceptability ? acceptability : null
  return {
    judgedAt: at.toISOString(),
    clock,
    wrong,
    further,
    acceptable: {
      state: acceptability.state,
      from: toTime(window?.from ?? null),
      until: toTime(window?.until ?? null),
    },
  }
}

function toCertificateJson(
  { fault, summary, details, ...certificate }: InspectedCertificate,
  { anchors }: InspectionJudgement,
): object {
  return {
    ...certificate,
    summary: summary && {
      ...summary,
      notBefore: toTime(summary.notBefore),
      notAfter: toTime(summary.notAfter),
    },
    fault: toErrorJson(fault),
    isAnchor: anchors.some(({ sha256 }) => sha256 === certificate.sha256),
    details: details && {
      ...details,
      notBefore: toTime(details.notBefore),
      notAfter: toTime(details.notAfter),
    },
  }
}

function toBytesJson({ bytes, description }: InspectedBytes): object {
  return { base64: encodeBase64(bytes), length: bytes.length, description }
}

function toErrorJson(error: AttestationError | null): object | null {
  return error && { code: error.code, message: error.message }
}

function toTime(date: Date | null): string | null {
  return date?.toISOString() ?? null
}
