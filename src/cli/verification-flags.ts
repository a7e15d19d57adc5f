import { AttestationError } from '../attestation/errors.ts'
import { AWS_NITRO_ROOT } from '../attestation/roots/aws-nitro.ts'
import { AWS_US_GOV_NITRO_ROOT } from '../attestation/roots/aws-us-gov-nitro.ts'
import type { TrustAnchor } from '../attestation/trust-anchor.ts'
import { parseTrustAnchor } from '../attestation/trust-anchor.ts'
import type { VerifyOptions } from '../attestation/verify-options.ts'
import { unsafeEvaluationTime } from '../attestation/verify-options.ts'
import { ALL_PARTITIONS } from '../core/partition.ts'
import { parseRfc3339 } from '../core/rfc3339.ts'
import type { Command, CommandIo } from './command.ts'
import { Option, UsageError } from './command.ts'
import type { InputEncoding } from './read-input.ts'
import { INPUT_ENCODINGS, readBounded } from './read-input.ts'

/** How a document is written, and what it is held against; the same for every command that looks at documents. */
export interface VerificationFlags {
  readonly encoding: InputEncoding
  readonly at: string
  readonly root?: readonly string[]
  readonly maxAge?: string
  readonly recipientKey?: boolean
}

/** Declares these flags. */
export function addVerificationFlags(command: Command): Command {
  return command
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
}

/** Reads what documents are held against. Throws `UsageError` for flags that make no sense and roots that are none. */
export async function readVerifyOptions(flags: VerificationFlags, io: CommandIo): Promise<VerifyOptions> {
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

/** Far more than a certificate of 1,024 bytes takes as PEM; longer files hold none. */
const ROOT_LIMIT_BYTES = 65_536

/** Documents are not weighed against keys here, so the root counts for every partition. */
async function readRoot(path: string): Promise<TrustAnchor> {
  let content: Uint8Array
  try {
    content = await readBounded(path, ROOT_LIMIT_BYTES)
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
