import { loadCommands } from './commands.ts'
import { createProcessIo } from './process-io.ts'
import { runProgram } from './program.ts'

/** Runs the command line of this process, and leaves its exit status. */
export async function main(): Promise<void> {
  const args = process.argv.slice(2)
  process.exitCode = await runProgram(args, await loadCommands(args), createProcessIo())
  // A key generation in the thread pool cannot be called off, and would keep a stopped service alive for seconds.
  setTimeout(() => process.stdout.writableLength === 0 && process.exit(), 300).unref()
}
