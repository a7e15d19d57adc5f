import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { benchPython } from './python-environment.ts'
import { pidOf, stopProcess } from './service-process.ts'
import type { Target } from './target.ts'
import { call } from './target.ts'

/** The emulators that run beside the service, and those that do not, each with the reason. */
export interface Peers {
  readonly running: readonly Target[]
  readonly skipped: Readonly<Record<string, string>>
}

const HOST = '127.0.0.1'
const START_LIMIT_MILLISECONDS = 60_000

/** How each is started: the program in the environment, its arguments and variables for a port. */
const PROGRAMS = {
  moto: { program: 'moto_server', args: (port: number) => ['-H', HOST, '-p', String(port)], env: () => ({}) },
  ministack: {
    program: 'ministack',
    args: () => [],
    env: (port: number) => ({ GATEWAY_PORT: String(port), BIND_HOST: HOST, LOG_LEVEL: 'WARNING' }),
  },
} as const

/** Starts moto and MiniStack, their logs going nowhere as ours does. What must end goes on `cleanup`. */
export async function startPeers(cleanup: AsyncDisposableStack): Promise<Peers> {
  const python = await benchPython()
  const running: Target[] = []
  const skipped: Record<string, string> = {}
  for (const name of ['moto', 'ministack'] as const) {
    if ('missing' in python) {
      skipped[name] = python.missing
      continue
    }
    try {
      running.push(await startPeer(name, python.bin, cleanup))
    } catch (error) {
      skipped[name] = error instanceof Error ? error.message : String(error)
    }
  }
  return { running, skipped }
}

async function startPeer(
  name: keyof typeof PROGRAMS,
  bin: string,
  cleanup: AsyncDisposableStack,
): Promise<Target> {
  const { program, args, env } = PROGRAMS[name]
  const port = await freePort()
  const directory = mkdtempSync(join(tmpdir(), `attested-kms-bench-${name}-`))
  const child = spawn(join(bin, program), args(port), {
    cwd: directory,
    env: { ...process.env, ...env(port), TMPDIR: directory },
    stdio: 'ignore',
  })
  cleanup.defer(async () => {
    await stopProcess(child)
    rmSync(directory, { recursive: true, force: true })
  })
  const target = { name, host: HOST, port, pid: pidOf(child) }
  await waitUntilItAnswers(child, target)
  return target
}

async function waitUntilItAnswers(child: ChildProcess, target: Target): Promise<void> {
  const deadline = performance.now() + START_LIMIT_MILLISECONDS
  for (;;) {
    try {
      await call(target, 'ListKeys', {})
      return
    } catch (error) {
      if (child.exitCode !== null) throw new Error('it ended at once', { cause: error })
      if (performance.now() > deadline) throw new Error('it did not answer within a minute', { cause: error })
      await sleep(200)
    }
  }
}

/** A port that nobody listened on a moment ago; these programs cannot pick one themselves. */
async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, HOST)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}
