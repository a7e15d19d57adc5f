import { readFile } from 'node:fs/promises'
import { AttestationError } from '../attestation/errors.ts'
import { AWS_NITRO_ROOT } from '../attestation/roots/aws-nitro.ts'
import { AWS_US_GOV_NITRO_ROOT } from '../attestation/roots/aws-us-gov-nitro.ts'
import type { TrustAnchor } from '../attestation/trust-anchor.ts'
import { parseTrustAnchor } from '../attestation/trust-anchor.ts'
import type { VerifyOptions } from '../attestation/verify-options.ts'
import { unsafeEvaluationTime } from '../attestation/verify-options.ts'
import { examineAttestation } from '../attestation/verify.ts'
import { ALL_PARTITIONS } from '../core/partition.ts'
import { parseRfc3339 } from '../core/rfc3339.ts'
import { toVerdictJson, toVerdictText } from './attestation-verdict.ts'
import type { AddCommand, CommandIo, ExitStatus } from './command.ts'
import { Option, UsageError } from './command.ts'
import type { InputEncoding } from './read-input.ts'
import { INPUT_ENCODINGS, readInput } from './read-input.ts'

interface VerifyFlags {
  readonly encoding: InputEncoding
  readonly at: string
  readonly root?: readonly string[]
  readonly maxAge?: string
  readonly recipientKey?: boolean
  readonly json?: boolean
}

/** `attestation verify`: verifies documents; status 1 if one of them is rejected. */
export const addAttestationVerify: AddCommand = (parent, { io, run }) => {
  parent
    .command('verify')
    .description('Verify attestation documents down to a trusted root.')
    .argument('<file...>', 'the documents; - is standard input')
    .addOption(
      new Option('--encoding <encoding>', 'how the documents are written')
        .choices(INPUT_ENCODINGS)
        .default('auto'),
    )
    .option('--at <time>', 'now, document (the time that each names itself), or an RFC 3339 time', 'now')
    .option(
      '--root <pem>',
      'trust this root instead of those of AWS (repeatable)',
      (path: string, paths: readonly string[] | undefined) => [...(paths ?? []), path],
    )
    .option('--max-age <seconds>', 'refuse documents that are older')
    .option('--recipient-key', 'also demand an RSA public key that an answer can be encrypted to')
    .option('--json', 'print one line of JSON for each document')
    .action(run((files: readonly string[], flags: VerifyFlags) => runVerify(files, flags, io)))
}

async function runVerify(files: readonly string[], flags: VerifyFlags, io: CommandIo): Promise<ExitStatus> {
  if (files.filter((file) => file === '-').length > 1) {
    throw new UsageError('standard input can be read once only')
  }
  const options = await readOptions(flags, io)
  const inputs: { readonly file: string; readonly bytes: Uint8Array }[] = []
  for (const file of files) inputs.push({ file, bytes: await readInput(file, flags.encoding, io) })
  let status: ExitStatus = 0
  for (const { file, bytes } of inputs) {
    const report = await examineAttestation(bytes, options)
    io.write(flags.json ? `${JSON.stringify(toVerdictJson(file, report))}\n` : toVerdictText(file, report))
    if (report.verdict === 'rejected') status = 1
  }
  return status
}

async function readOptions(flags: VerifyFlags, io: CommandIo): Promise<VerifyOptions> {
  const time = readTime(flags.at)
  return {
    anchors: flags.root
      ? await Promise.all(flags.root.map(readRoot))
      : [AWS_NITRO_ROOT, AWS_US_GOV_NITRO_ROOT],
    clock: io.clock,
    demandRecipientKey: flags.recipientKey === true,
    ...(flags.maxAge === undefined ? {} : { maxAgeSeconds: readSeconds(flags.maxAge) }),
    ...(time === 'now' ? {} : { [unsafeEvaluationTime]: time }),
  }
}

function readTime(text: string): 'now' | 'document' | Date {
  if (text === 'now' || text === 'document') return text
  try {
    return parseRfc3339(text)
  } catch (cause) {
    throw new UsageError('--at takes now, document or an RFC 3339 time', { cause })
  }
}

function readSeconds(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw new UsageError('--max-age takes a number of seconds')
  return Number(text)
}

/** Documents are not weighed against keys here, so the root counts for every partition. */
async function readRoot(path: string): Promise<TrustAnchor> {
  let content: Uint8Array
  try {
    content = await readFile(path)
  } catch (cause) {
    throw new UsageError(`the root ${path} cannot be read`, { cause })
  }
  try {
    return parseTrustAnchor(content, { name: path, partitions: ALL_PARTITIONS, source: path })
  } catch (cause) {
    if (!(cause instanceof AttestationError)) throw cause
    throw new UsageError(`${path} holds no root that chains can be verified with: ${cause.message}`, {
      cause,
    })
  }
}
