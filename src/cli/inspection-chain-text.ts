import { shorten } from '../attestation/diagnostic-notation.ts'
import type { InspectedCertificate } from '../attestation/inspected-certificate.ts'
import type { InspectionJudgement } from './inspection-judgement.ts'
import { toDistance, toDuration, toInstant } from './time-words.ts'
import { wrapText } from './wrap-text.ts'

/** Certificates as a tree: each stands one step further in than the one above it, as the document orders them. */
export function describeChain(
  chain: readonly InspectedCertificate[],
  judgement: InspectionJudgement,
): readonly string[] {
  if (chain.length === 0) return []
  return [
    'Certificates',
    ...chain.flatMap((certificate, level) => describe(certificate, { level, judgement })),
  ]
}

function describe(
  certificate: InspectedCertificate,
  { level, judgement }: { readonly level: number; readonly judgement: InspectionJudgement },
): readonly string[] {
  const { role, place, length, commonName, sha256, fault, details } = certificate
  const step = '  '.repeat(level + 1)
  const name = commonName === null ? 'without a name' : shorten(commonName, 72)
  const below = `${step}${level === 0 ? '  ' : '    '}`
  const serial = details && `serial ${shorten(details.serialNumber, 48)}; ${details.extensions.join(', ')}`
  return [
    ...wrapText(`${step}${level === 0 ? '' : '└ '}`, `${role}: ${name} (${place}, ${length} bytes)`),
    ...(fault ? wrapText(below, `${fault.code}: ${fault.message}`) : []),
    ...wrapText(below, describeWindow(certificate, judgement)),
    ...(fault ? [] : wrapText(below, describeRights(certificate))),
    ...wrapText(below, `SHA-256 ${sha256}${describeTrust(certificate, { level, judgement })}`),
    ...(serial ? wrapText(below, serial) : []),
  ]
}

function describeRights({
  isCa,
  pathLength,
  maySignCertificates,
  maySignDocuments,
}: InspectedCertificate): string {
  const follow = pathLength === null ? '' : `, path length ${pathLength}`
  const signs = [
    ...(maySignCertificates ? ['certificates'] : []),
    ...(maySignDocuments ? ['documents'] : []),
  ].join(' and ')
  return `${isCa ? 'CA' : 'no CA'}${follow}, may sign ${signs === '' ? 'nothing' : signs}`
}

/** The second reader's window where the verifier's cannot be had. */
function describeWindow(
  { summary, details }: InspectedCertificate,
  { at, clock }: InspectionJudgement,
): string {
  const { notBefore, notAfter } = summary ?? details ?? { notBefore: null, notAfter: null }
  if (!notBefore || !notAfter) return 'valid at no readable time'
  const lifetime = toDuration(notAfter.getTime() - notBefore.getTime())
  const window = `${toInstant(notBefore)} to ${toInstant(notAfter)} (${lifetime})`
  // Certificates count in seconds, and the last one belongs to them.
  if (Math.floor(at.getTime() / 1000) * 1000 > notAfter.getTime()) {
    return `${window}, OVER for ${toDuration(at.getTime() - notAfter.getTime())}`
  }
  if (notBefore > at) return `${window}, NOT YET: begins ${toDistance(notBefore, at)}`
  return clock === 'present'
    ? `${window}, for another ${toDuration(notAfter.getTime() - at.getTime())}`
    : window
}

function describeTrust(
  { sha256 }: InspectedCertificate,
  { level, judgement }: { readonly level: number; readonly judgement: InspectionJudgement },
): string {
  const anchor = judgement.anchors.find((one) => one.sha256 === sha256)
  if (anchor) return `, trust anchor ${anchor.name}`
  return level === 0 ? ', no trust anchor' : ''
}
