import { spawn } from 'node:child_process'
import { mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from './finished.ts'

const CACHE = new URL('../../.cache/peers/', import.meta.url).pathname

/** The path of a folder of the cache, which is made if it is not there. */
export function cacheFolder(...names: readonly string[]): string {
  const folder = join(CACHE, ...names)
  mkdirSync(folder, { recursive: true })
  return folder
}

/** How an installer is run; `install.log` in its folder keeps what it says. */
export interface InstallerRun {
  readonly args: readonly string[]
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/** Runs an installer and tells whether it ended with status 0; a program that is not there did not. */
export async function runInstaller(program: string, { args, cwd, env }: InstallerRun): Promise<boolean> {
  const log = openSync(join(cwd, 'install.log'), 'a')
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', log, log] })
  return (await finished(child)) === 0
}
