import { Command, CommanderError, UsageError } from './command.ts'
import type { AddCommand, CommandIo, ExitStatus } from './command.ts'
import { applyEnvironment, ENVIRONMENT_HELP } from './environment.ts'

/** The commands in the order in which help lists them; groups are named by their first word. */
export interface ProgramCommands {
  readonly top: readonly AddCommand[]
  readonly groups: readonly {
    readonly name: string
    readonly summary: string
    readonly commands: readonly AddCommand[]
  }[]
}

/**
 * Runs one command line (without the names of program and script) and fulfils with its exit status. Never rejects:
 * what goes wrong is said on standard error.
 */
export async function runProgram(
  args: readonly string[],
  commands: ProgramCommands,
  io: CommandIo,
): Promise<ExitStatus> {
  let status: ExitStatus = 0
  const host = {
    io,
    run:
      <Arguments extends unknown[]>(body: (...inner: Arguments) => Promise<ExitStatus>) =>
      async (...inner: Arguments): Promise<void> => {
        status = await body(...inner)
      },
  }
  const program = new Command('attested-kms').description(
    'A key management service that speaks the AWS KMS protocol and releases secrets to attested environments only.',
  )
  for (const add of commands.top) add(program, host)
  for (const group of commands.groups) {
    const parent = program.command(group.name).description(group.summary)
    for (const add of group.commands) add(parent, host)
  }
  program.addHelpText('after', ENVIRONMENT_HELP)
  program.hook('preAction', (_, action) => applyEnvironment(action, io.env))
  prepare(program, io)
  try {
    await program.parseAsync([...args], { from: 'user' })
    return status
  } catch (error) {
    return statusOf(error, io)
  }
}

/** Commander would write and exit by itself, and give wrong use the status 1. */
function prepare(command: Command, io: CommandIo): void {
  command.exitOverride()
  command.showHelpAfterError('(--help lists what there is)')
  command.configureOutput({ writeOut: (text) => io.write(text), writeErr: (text) => io.warn(text.trimEnd()) })
  for (const inner of command.commands) prepare(inner, io)
}

function statusOf(error: unknown, io: CommandIo): ExitStatus {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof UsageError) {
    io.warn(`attested-kms: ${error.message}`)
    return 2
  }
  io.warn(`attested-kms: ${error instanceof Error ? error.message : 'an unknown failure'}`)
  return 3
}
