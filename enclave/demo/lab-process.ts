import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A lab service that runs as a process of its own, on free ports and with a data directory that goes with it. */
export interface LabProcess {
  readonly kmsUrl: string
  readonly adminUrl: string
  readonly adminToken: string
  stop(): Promise<void>
}

/** Starts a lab service and fulfils once it answers. Rejects if it ends before. */
export async function startLabProcess(): Promise<LabProcess> {
  const data = mkdtempSync(join(tmpdir(), 'attested-kms-demo-'))
  const main = new URL('../../src/main.ts', import.meta.url).pathname
  const args = ['serve', '--lab', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0', '--data', data]
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
  })
  let diagnostics = ''
  child.stderr.on('data', (chunk: Buffer) => (diagnostics += chunk.toString()))
  const ready = new Promise<{ kms: string; admin: string }>((resolve, reject) => {
    // The first line on standard output is the ready line; nothing else is written there.
    createInterface({ input: child.stdout }).once('line', (line) =>
      resolve(JSON.parse(line) as { kms: string; admin: string }),
    )
    child.once('exit', () => reject(new Error(`the service did not start:\n${diagnostics}`)))
  })
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
    rmSync(data, { recursive: true, force: true })
  }
  try {
    const { kms, admin } = await ready
    return {
      kmsUrl: kms,
      adminUrl: admin,
      adminToken: readFileSync(join(data, 'admin-token'), 'utf8').trim(),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
