import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = new URL('../..', import.meta.url).pathname
const environment = join(root, '.cache', 'python')

/**
 * The `bin` folder of a Python environment with the packages of a requirements file, made on first use and kept.
 * Where that cannot be done (no Python, no package index), the reason why, to be put into the name of what is skipped.
 */
export function pythonWith(
  requirementsFile: string,
): { readonly bin: string } | { readonly missing: string } {
  const requirements = readFileSync(join(root, requirementsFile), 'utf8')
  const bin = join(environment, 'bin')
  const stamp = join(environment, 'installed.txt')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === requirements) return { bin }
  if (!succeeds('python3', ['-c', 'import venv, ensurepip'])) return { missing: 'no Python 3 with venv' }
  if (!succeeds('python3', ['-m', 'venv', '--clear', environment]))
    return { missing: 'no Python environment' }
  const install = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '-r',
    join(root, requirementsFile),
  ]
  if (!succeeds(join(bin, 'python'), install)) return { missing: 'no Python package index' }
  writeFileSync(stamp, requirements)
  return { bin }
}

/** Whether a program is there and ends with status 0. */
export function succeeds(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}
