import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = new URL('../..', import.meta.url).pathname
const requirementsFile = join(root, 'test', 'support', 'requirements.txt')
const environment = join(root, '.cache', 'python')
const stamp = join(environment, 'installed.txt')

/**
 * A Python with the packages of `requirements.txt`, or why there is none, to be put into the name of what is skipped.
 * `makePython` has to have run before.
 */
const PYTHON: { readonly bin: string } | { readonly missing: string } = isInstalled()
  ? { bin: join(environment, 'bin') }
  : { missing: 'no Python 3 with venv, or no Python package index' }

/** What to write behind the name of tests that need Python: nothing, or why they are skipped. */
export const WITHOUT_PYTHON = 'missing' in PYTHON ? `, skipped: ${PYTHON.missing}` : ''

/** The path of a program of that Python; one that cannot be run where there is none. */
export function pythonProgram(name: string): string {
  return 'bin' in PYTHON ? join(PYTHON.bin, name) : '/no/python'
}

/** Makes that Python where it is not there yet, once for all tests; nothing where it cannot be made. */
export function makePython(): void {
  if (isInstalled() || !succeeds('python3', ['-c', 'import venv, ensurepip'])) return
  if (!succeeds('python3', ['-m', 'venv', '--clear', environment])) return
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirementsFile]
  if (succeeds(join(environment, 'bin', 'python'), install)) {
    writeFileSync(stamp, readFileSync(requirementsFile))
  }
}

function isInstalled(): boolean {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === readFileSync(requirementsFile, 'utf8')
}

/** Whether a program is there and ends with status 0. */
export function succeeds(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}
