import { hash } from 'node:crypto'
import type { AttestationInspection, InspectedBytes, InspectedPublicKey } from '../attestation/inspect.ts'
import { shorten } from '../attestation/diagnostic-notation.ts'
import type { FieldName, OtherField } from '../attestation/inspected-fields.ts'
import type { InspectedEnvelope } from '../attestation/inspected-envelope.ts'
import { toPrintable } from '../attestation/printable.ts'
import { toHex } from '../core/bytes.ts'
import { partitionOfRegion } from '../core/partition.ts'
import type { InspectionJudgement } from './inspection-judgement.ts'
import { labelled } from './labelled.ts'
import { toDistance, toDuration, toInstant } from './time-words.ts'

/** What stands in a document beside PCRs and certificates, a line or two for each field. */
export function describeFields(
  inspection: AttestationInspection,
  judgement: InspectionJudgement,
): readonly string[] {
  const { region, digest, absentFields, envelope, otherFields } = inspection
  if (!envelope) return []
  const without = (name: FieldName): string => (absentFields.includes(name) ? '– (absent)' : '–')
  const regionWords =
    region && `${region} (partition ${partitionOfRegion(region)}), as the certificates are named`
  return [
    ...labelled('kind', describeKind(inspection)),
    ...labelled('module', describeModule(inspection) ?? without('module_id')),
    ...labelled('Region', regionWords ?? '–'),
    ...labelled('made', describeTime(inspection, judgement) ?? without('timestamp')),
    ...labelled('digest', digest === null ? without('digest') : shorten(digest)),
    ...describePublicKey(inspection.publicKey, without('public_key')),
    ...labelled('user data', describeBytes(inspection.userData) ?? without('user_data')),
    ...labelled('nonce', describeBytes(inspection.nonce) ?? without('nonce')),
    ...describeOthers(otherFields),
    ...labelled('envelope', describeEnvelope(envelope)),
  ]
}

/** A document can be made of nothing else. */
const OTHERS_SHOWN = 12

function describeOthers(fields: readonly OtherField[]): readonly string[] {
  const more = fields.length - OTHERS_SHOWN
  return [
    ...fields.slice(0, OTHERS_SHOWN).flatMap(({ name, value, why }) => {
      return labelled('field', `${name} = ${value} (${why})`)
    }),
    ...(more > 0 ? labelled('', `and ${more} more fields of this sort`) : []),
  ]
}

function describeKind({ kind, debugMode, pcrs, absentFields }: AttestationInspection): string {
  if (kind === null) {
    return absentFields.includes('pcrs')
      ? 'neither a Nitro enclave nor a NitroTPM: there is no PCR map'
      : 'both a Nitro enclave and a NitroTPM: there is a PCR map of each kind'
  }
  if (kind === 'nitrotpm') return `an instance with NitroTPM, ${pcrs.length} PCRs`
  return debugMode
    ? 'a Nitro enclave in DEBUG MODE: its parent instance reads its console, and PCR0 to PCR2 are zero'
    : `a Nitro enclave, ${pcrs.length} PCRs`
}

function describeModule({ moduleId, module, timestamp }: AttestationInspection): string | null {
  if (moduleId === null) return null
  if (!module) return `${shorten(moduleId, 80)}, which is not how AWS names modules`
  const { instanceId, startedAt } = module
  if (!startedAt) return `${moduleId}, so on instance ${instanceId}`
  const age = timestamp
    ? `, ${toDuration(timestamp.getTime() - startedAt.getTime())} before the document`
    : ''
  const order = timestamp && timestamp < startedAt ? ' (after it!)' : ''
  return `${moduleId}, so on instance ${instanceId}, started ${toInstant(startedAt)}${age}${order}`
}

function describeTime(
  { timestamp }: AttestationInspection,
  { at, clock }: InspectionJudgement,
): string | null {
  if (timestamp === null) return null
  return clock === 'present' ? `${toInstant(timestamp)}, ${toDistance(timestamp, at)}` : toInstant(timestamp)
}

function describePublicKey(key: InspectedPublicKey | null, absent: string): readonly string[] {
  if (!key) return labelled('public key', `${absent}, so KMS has nothing to encrypt to`)
  const { bytes, description, recipientFault } = key
  const head = `${bytes.length} bytes, ${description}`
  if (recipientFault) {
    const { code, message } = recipientFault
    return [
      ...labelled('public key', `${head}${bytes.length === 0 ? '' : `: ${preview(bytes)}`}`),
      ...labelled('', `KMS could not encrypt to it. ${code}: ${message}`),
    ]
  }
  return [
    ...labelled('public key', `${head}. KMS could encrypt to it.`),
    ...labelled('', `SHA-256 ${hash('sha256', bytes, 'hex')}`),
  ]
}

function describeBytes(field: InspectedBytes | null): string | null {
  if (!field) return null
  const { bytes, description } = field
  return bytes.length === 0 ? '0 bytes' : `${bytes.length} bytes, ${description}: ${preview(bytes)}`
}

const PREVIEW_BYTES = 32
const PREVIEW_CHARACTERS = 72

/** The beginning of a field: as text where it is text, else hexadecimal digits. */
function preview(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1')
  if (/^[\t\n\r\x20-\x7e]*$/.test(text)) return shorten(toPrintable(text), PREVIEW_CHARACTERS)
  const digits = toHex(bytes.subarray(0, PREVIEW_BYTES))
  return bytes.length > PREVIEW_BYTES ? `${digits}…` : digits
}

function describeEnvelope(envelope: InspectedEnvelope): string {
  const { tags, elements, algorithm, protectedHeader, unprotectedHeader } = envelope
  const form = tags.length === 0 ? 'COSE_Sign1 without a tag' : `COSE with tag ${tags.slice(0, 4).join(', ')}`
  return [
    elements === 4 ? form : `${form}, ${elements} elements instead of 4`,
    algorithm ?? `no algorithm in the protected header ${protectedHeader ?? ''}`,
    ...(unprotectedHeader === '{}' ? [] : [`unprotected header ${unprotectedHeader ?? '–'}`]),
    ...describeContent(envelope),
  ].join('; ')
}

function describeContent(envelope: InspectedEnvelope): readonly string[] {
  const { payloadLength, payloadMap, signatureLength, hasHighS } = envelope
  const map = payloadMap === null ? '' : `, a map of ${payloadMap} length`
  const s = hasHighS === null ? '' : `, ${hasHighS ? 'high' : 'low'} s`
  return [
    payloadLength === null ? 'no payload' : `payload of ${payloadLength} bytes${map}`,
    signatureLength === null ? 'no signature' : `signature of ${signatureLength} bytes${s}`,
  ]
}
