import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A program of this project that runs until it is told to stop. */
export interface RunningProgram {
  readonly child: ChildProcess
  /** Its first line on standard output, parsed. */
  readonly ready: Record<string, unknown>
  /** Sends a signal, and fulfils with the exit status and every line on standard output. */
  readonly stop: (
    signal: NodeJS.Signals,
  ) => Promise<{ readonly status: number | null; readonly lines: number }>
}

/** Starts the command line as a process of its own, and fulfils once it says that it is ready. */
export async function startProgram(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningProgram> {
  const main = new URL('../../src/main.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  })
  const lines: string[] = []
  const output = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  await Promise.race([once(output, 'line'), once(output, 'close')])
  return {
    child,
    ready: JSON.parse(lines[0] ?? '{}') as Record<string, unknown>,
    async stop(signal) {
      const exited = once(child, 'exit')
      child.kill(signal)
      const [status] = (await exited) as [number | null]
      return { status, lines: lines.length }
    },
  }
}
