import { Command, CommanderError, Option } from 'commander'
import type { Clock } from '../core/clock.ts'

// What is relied on of commander: options and arguments are parsed as declared, wrong use throws a `CommanderError`
// instead of ending the process, and `--help` is written from the declarations.

export { Command, CommanderError, Option }

/** How a command ends: 0 = yes, 1 = a clean no, 2 = wrong use or unreadable input, 3 = a failure of the program. */
export type ExitStatus = 0 | 1 | 2 | 3

/** What a command may touch of the world around it; files are read by the commands themselves. */
export interface CommandIo {
  /** Results, on standard output. */
  write(output: string | Uint8Array): void
  /** Diagnostics, on standard error; a line feed is added. */
  warn(line: string): void
  readStdin(): Promise<Uint8Array>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Clock
}

/** Wrong use or unreadable input: the message is shown and the command ends with status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Adds one command to its parent. The command's action ends with the status that its promise is fulfilled with. */
export type AddCommand = (parent: Command, host: CommandHost) => void

/** What a command gets from the program: the world, and where to leave its exit status. */
interface CommandHost {
  readonly io: CommandIo
  /** Wraps what a command does into an action for `Command.action`. */
  readonly run: <Arguments extends unknown[]>(
    body: (...args: Arguments) => Promise<ExitStatus>,
  ) => (...args: Arguments) => Promise<void>
}
