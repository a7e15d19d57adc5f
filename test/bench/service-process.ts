import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** The built program, and the same from its sources. */
export const PROGRAMS = { built: 'dist/src/main.js', sources: 'src/main.ts' } as const
export type Program = keyof typeof PROGRAMS

/** The lab whose documents the bench issues by itself. */
export const LAB_SEED = 'attested-kms bench'

/** The service as a process of its own, in lab mode on free ports. Its log goes nowhere. */
export interface ServiceProcess {
  readonly pid: number
  readonly kmsUrl: string
  /** From the call that made the process to the arrival of the ready line. */
  readonly readyMilliseconds: number
  /** Ends it in order, and waits for that. */
  stop(): Promise<void>
}

/** How a process is started. */
export interface ProcessOptions {
  /** The data directory. */
  readonly data: string
  readonly nodeFlags?: readonly string[]
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>
}

/** Starts the service on a data directory. Rejects where it ends before it is ready. */
export async function startServiceProcess(
  program: Program,
  { data, nodeFlags = [], env = {} }: ProcessOptions,
): Promise<ServiceProcess> {
  const main = new URL(`../../${PROGRAMS[program]}`, import.meta.url).pathname
  const flags = ['--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0', '--data', data, '--lab-seed', LAB_SEED]
  const startedAt = performance.now()
  const child = spawn(process.execPath, [...nodeFlags, main, 'serve', '--lab', ...flags], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...env },
  })
  const line = await firstLine(child, child.stdout)
  const readyMilliseconds = performance.now() - startedAt
  const { kms } = JSON.parse(line) as { readonly kms: string }
  return { pid: pidOf(child), kmsUrl: kms, readyMilliseconds, stop: () => stopProcess(child) }
}

async function firstLine(child: ChildProcess, output: NodeJS.ReadableStream): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  createInterface({ input: output }).once('line', resolve)
  child.once('error', reject)
  child.once('exit', (status) =>
    reject(new Error(`the service ended with status ${status} before it was ready`)),
  )
  return promise
}

/** The process id of a child that has started. */
export function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the process did not start')
  return pid
}

/** Asks a process to end, and waits until it has. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}
