import type { AttestationInspection, InspectedBytes } from '../attestation/inspect.ts'
import { inspectAttestation } from '../attestation/inspect.ts'
import type { InspectedCertificate } from '../attestation/inspected-certificate.ts'
import type { InspectedPcr } from '../attestation/inspected-pcr.ts'
import { encodeBase64 } from '../core/base64.ts'
import type { AddCommand, CommandIo, ExitStatus } from './command.ts'
import { Option } from './command.ts'
import type { InputEncoding } from './read-input.ts'
import { INPUT_ENCODINGS, readInput } from './read-input.ts'

interface InspectFlags {
  readonly encoding: InputEncoding
  readonly json?: boolean
}

/** `attestation inspect`: shows what stands in a document; status 1 where it cannot be read to the end. */
export const addAttestationInspect: AddCommand = (parent, { io, run }) => {
  parent
    .command('inspect')
    .description('Show what stands in an attestation document, without verifying anything.')
    .argument('<file>', 'the document; - is standard input')
    .addOption(
      new Option('--encoding <encoding>', 'how the document is written')
        .choices(INPUT_ENCODINGS)
        .default('auto'),
    )
    .option('--json', 'print one line of JSON')
    .action(run((file: string, flags: InspectFlags) => runInspect(file, flags, io)))
}

async function runInspect(file: string, flags: InspectFlags, io: CommandIo): Promise<ExitStatus> {
  const inspection = await inspectAttestation(await readInput(file, flags.encoding, io))
  io.write(flags.json ? `${JSON.stringify(toJson(file, inspection))}\n` : toText(file, inspection))
  return inspection.stoppedBy ? 1 : 0
}

function toJson(file: string, { stoppedBy, timestamp, chain, ...rest }: AttestationInspection): object {
  return {
    file,
    verified: false,
    ...rest,
    timestamp: timestamp?.toISOString() ?? null,
    publicKey: toBytesJson(rest.publicKey),
    userData: toBytesJson(rest.userData),
    nonce: toBytesJson(rest.nonce),
    chain: chain.map(({ fault, ...certificate }) => ({
      ...certificate,
      fault: fault && { code: fault.code, message: fault.message },
    })),
    stoppedBy: stoppedBy && { code: stoppedBy.code, message: stoppedBy.message },
  }
}

function toBytesJson(field: InspectedBytes | null): object | null {
  return field && { base64: encodeBase64(field.bytes), description: field.description }
}

function toText(file: string, inspection: AttestationInspection): string {
  const { length, kind, moduleId, region, timestamp, digest, stoppedBy } = inspection
  const fields = [
    ['kind', kind],
    ['module', moduleId],
    ['Region', region],
    ['made', timestamp?.toISOString() ?? null],
    ['digest', digest],
    ['public key', inspection.publicKey?.description ?? null],
    ['user data', inspection.userData?.description ?? null],
    ['nonce', inspection.nonce?.description ?? null],
  ] as const
  return [
    `${file}: ${length} bytes. Nothing here was verified: anybody can write this.`,
    ...(stoppedBy ? [`  a verifier stops at ${stoppedBy.code}: ${stoppedBy.message}`] : []),
    ...fields.map(([name, value]) => `  ${name.padEnd(12)}${value ?? '–'}`),
    ...inspection.unknownFields.map((name) => `  unknown     ${name}`),
    '  PCRs',
    ...inspection.pcrs.map(describePcr),
    '  certificates',
    ...inspection.chain.flatMap(describeCertificate),
    '',
  ].join('\n')
}

function describePcr({ index, value, meaning }: InspectedPcr): string {
  return `    ${index.padEnd(4)}${value}${meaning === null ? '' : `  ${meaning}`}`
}

/** Each certificate stands one step further in than its issuer. */
function describeCertificate(certificate: InspectedCertificate, level: number): readonly string[] {
  const { place, length, summary, fault, isCa, pathLength, details } = certificate
  const step = '  '.repeat(level + 2)
  if (!summary) return [`${step}${place}, ${length} bytes: ${fault?.message ?? ''}`]
  const authority = isCa ? `CA${pathLength === null ? '' : `, ${pathLength} more below it`}` : 'no CA'
  const window = [summary.notBefore, summary.notAfter].map((date) => date?.toISOString() ?? 'unreadable')
  return [
    `${step}${summary.subject}`,
    `${step}  ${place}, ${length} bytes, ${authority}, valid ${window.join(' to ')}`,
    `${step}  SHA-256 ${summary.sha256}`,
    ...(details ? [`${step}  serial ${details.serialNumber}, ${details.extensions.join(', ')}`] : []),
  ]
}
