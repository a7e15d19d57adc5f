import type { Clock } from '../core/clock.ts'
import { systemClock } from '../core/clock.ts'
import { concatBytes } from '../core/bytes.ts'
import type { CommandIo } from './command.ts'

/** The world of this process: its standard streams, its environment, the clock of the machine. */
export function createProcessIo(clock: Clock = systemClock): CommandIo {
  // A log that cannot be written (full disk, reader gone) must not end the service that writes it.
  process.stderr.on('error', () => {})
  return {
    write: (output) => void process.stdout.write(output),
    warn: (line) => void process.stderr.write(`${line}\n`),
    readStdin: async () => {
      const chunks: Uint8Array[] = []
      for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
      return concatBytes(...chunks)
    },
    env: process.env,
    clock,
  }
}
