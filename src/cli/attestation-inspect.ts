import { inspectAttestation } from '../attestation/inspect.ts'
import type { AddCommand, CommandIo, ExitStatus } from './command.ts'
import { toInspectionJson } from './inspection-json.ts'
import { judgeInspection } from './inspection-judgement.ts'
import { toInspectionText } from './inspection-text.ts'
import { readInput } from './read-input.ts'
import type { VerificationFlags } from './verification-flags.ts'
import { addVerificationFlags, readVerifyOptions } from './verification-flags.ts'

interface InspectFlags extends VerificationFlags {
  readonly json?: boolean
}

/**
 * `attestation inspect`: shows what stands in a document, and what is wrong with it in a line. Status 1 where a verifier
 * cannot read it to the end; a document that can be read and would be refused is shown with status 0, since showing it
 * is what was asked for.
 */
export const addAttestationInspect: AddCommand = (parent, { io, run }) => {
  const command = parent
    .command('inspect')
    .description('Show what stands in an attestation document. Verifies nothing: that is what verify does.')
    .argument('<file>', 'the document; - is standard input')
  addVerificationFlags(command)
    .option('--json', 'print one line of JSON')
    .action(run((file: string, flags: InspectFlags) => runInspect(file, flags, io)))
}

async function runInspect(file: string, flags: InspectFlags, io: CommandIo): Promise<ExitStatus> {
  const options = await readVerifyOptions(flags, io)
  const bytes = await readInput(file, flags.encoding, io)
  const inspection = await inspectAttestation(bytes)
  const judgement = await judgeInspection(bytes, inspection, options)
  io.write(
    flags.json
      ? `${JSON.stringify(toInspectionJson(file, inspection, judgement))}\n`
      : toInspectionText(file, inspection, judgement),
  )
  return inspection.stoppedBy ? 1 : 0
}
