import { examineAttestation } from '../attestation/verify.ts'
import { toVerdictJson, toVerdictText } from './attestation-verdict.ts'
import type { AddCommand, CommandIo, ExitStatus } from './command.ts'
import { UsageError } from './command.ts'
import { readInput } from './read-input.ts'
import type { VerificationFlags } from './verification-flags.ts'
import { addVerificationFlags, readVerifyOptions } from './verification-flags.ts'

interface VerifyFlags extends VerificationFlags {
  readonly json?: boolean
}

/** `attestation verify`: verifies documents; status 1 if one of them is rejected. */
export const addAttestationVerify: AddCommand = (parent, { io, run }) => {
  const command = parent
    .command('verify')
    .description('Verify attestation documents down to a trusted root.')
    .argument('<file...>', 'the documents; - is standard input')
  addVerificationFlags(command)
    .option('--json', 'print one line of JSON for each document')
    .action(run((files: readonly string[], flags: VerifyFlags) => runVerify(files, flags, io)))
}

async function runVerify(files: readonly string[], flags: VerifyFlags, io: CommandIo): Promise<ExitStatus> {
  if (files.filter((file) => file === '-').length > 1) {
    throw new UsageError('standard input can be read once only')
  }
  const options = await readVerifyOptions(flags, io)
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
