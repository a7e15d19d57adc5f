import { writeFileSync } from 'node:fs'
import { CodedError } from '../core/base-error.ts'
import { encodeBase64 } from '../core/base64.ts'
import { SimulatorError } from '../simulator/errors.ts'
import type { Fault } from '../simulator/faults/fault.ts'
import type { IssuedDocument } from '../simulator/issue-document.ts'
import { issueDocument } from '../simulator/issue-document.ts'
import { Option, UsageError } from './command.ts'
import type { AddCommand, CommandIo, ExitStatus } from './command.ts'
import { describeVerifyWith } from './attestation-faults.ts'
import { openRecipientKeyFile } from './recipient-key-file.ts'
import type { IssueFlags } from './issue-flags.ts'
import { addModuleOptions, labFromFlags, optionsFromFlags } from './issue-flags.ts'

const HELP = `
The document is signed below the root of a lab, which a service trusts that was started with
serve --lab --lab-seed TEXT (or that keeps the lab in its data directory), and nobody else.
The same flags and --at give the same bytes. A time in the past gives a document that has expired.

--nonce and --user-data take a text, hex:DIGITS, base64:TEXT or @FILE.
--encoding raw writes the bytes of the document, base64 one line of text.`

/** `attestation issue`: makes an attestation document with a lab, a good one or one with a fault asked for. */
export const addAttestationIssue: AddCommand = (parent, { io, run }) => {
  const command = parent
    .command('issue')
    .description('Make an attestation document below the root of a lab.')
    .addOption(
      new Option('--kind <kind>', 'what attests')
        .choices(['nitro-enclave', 'nitrotpm'])
        .default('nitro-enclave'),
    )
    .option('--seed <text>', 'the text that the lab is made from')
    .option('--lab-root <dir>', 'the data directory of a lab service, whose lab is used')
    .option('--public-key <file>', 'public key for the document, SubjectPublicKeyInfo in DER or PEM')
    .option(
      '--key-pair <file>',
      'recipient key, PEM, made if there is no file; its public key goes into the document',
    )
    .option('--pcr <n=hex>', 'a measurement in place of the default; repeatable', appendPcr)
    .option('--debug', 'enclave in debug mode: PCR0, 1, 2 and 8 are zero')
    .option('--nonce <bytes>', 'nonce for the document')
    .option('--user-data <bytes>', 'user data for the document')
    .option('--at <time>', 'time of the document, RFC 3339 or now', 'now')
  addModuleOptions(command)
    .option('--fault <id>', 'make the document faulty; attestation faults lists how')
    .option('--out <file>', 'where to write (default: standard output)')
    .addOption(new Option('--encoding <encoding>', 'how to write').choices(['raw', 'base64']).default('raw'))
    .addHelpText('after', HELP)
    .action(run((flags: IssueFlags) => runIssue(flags, io)))
}

async function runIssue(flags: IssueFlags, io: CommandIo): Promise<ExitStatus> {
  const { document, fault } = issue(flags, io, await publicKeyFrom(flags))
  const output = flags.encoding === 'base64' ? `${encodeBase64(document)}\n` : document
  if (flags.out === undefined) io.write(output)
  else writeOutput(flags.out, output)
  if (fault) io.warn(`attested-kms: ${expectation(fault)}`)
  return 0
}

/** `--key-pair` in place of `--public-key`; `null` where it is not given. */
async function publicKeyFrom({ keyPair, publicKey }: IssueFlags): Promise<Uint8Array | null> {
  if (keyPair === undefined) return null
  if (publicKey !== undefined) throw new UsageError('give one of --key-pair and --public-key')
  try {
    return await openRecipientKeyFile(keyPair)
  } catch (cause) {
    if (cause instanceof CodedError) throw new UsageError(cause.message, { cause })
    throw cause
  }
}

function issue(flags: IssueFlags, io: CommandIo, publicKey: Uint8Array | null): IssuedDocument {
  try {
    const options = optionsFromFlags(flags, io.clock)
    return issueDocument(labFromFlags(flags), publicKey ? { ...options, publicKey } : options)
  } catch (error) {
    if (error instanceof SimulatorError) throw new UsageError(error.message, { cause: error })
    throw error
  }
}

function writeOutput(path: string, output: string | Uint8Array): void {
  try {
    writeFileSync(path, output)
  } catch (cause) {
    throw new UsageError(`${path} cannot be written`, { cause })
  }
}

function expectation({ id, code, verifyWith }: Fault): string {
  const verdict = code === null ? 'must be accepted' : `must be refused with ${code}`
  return `${id}: the document ${verdict}${verifyWith ? `, verified with ${describeVerifyWith(verifyWith)}` : ''}`
}

function appendPcr(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}
