import { loadCommands } from '../../src/cli/commands.ts'
import type { CommandIo, ExitStatus } from '../../src/cli/command.ts'
import { runProgram } from '../../src/cli/program.ts'
import { concatBytes, utf8 } from '../../src/core/bytes.ts'
import { systemClock } from '../../src/core/clock.ts'

/** How a command line went. */
export interface CliRun {
  readonly status: ExitStatus
  readonly stdout: string
  readonly stdoutBytes: Uint8Array
  readonly stderr: string
}

/** What a command line finds around it. */
export interface CliWorld {
  readonly stdin?: Uint8Array
  readonly env?: Readonly<Record<string, string>>
  readonly now?: Date
}

/** Runs a command line in this process, as `main.ts` would. */
export async function runCli(args: readonly string[], world: CliWorld = {}): Promise<CliRun> {
  const { stdin = new Uint8Array(), env = {}, now } = world
  const output: Uint8Array[] = []
  let stderr = ''
  const io: CommandIo = {
    write: (part) => void output.push(typeof part === 'string' ? utf8(part) : part),
    warn: (line) => (stderr += `${line}\n`),
    readStdin: () => Promise.resolve(stdin),
    env,
    clock: now ? { now: () => now } : systemClock,
  }
  const status = await runProgram(args, await loadCommands(args), io)
  const stdoutBytes = concatBytes(...output)
  return { status, stdout: Buffer.from(stdoutBytes).toString(), stdoutBytes, stderr }
}
