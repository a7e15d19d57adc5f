import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { succeeds } from '../support/python.ts'

const root = new URL('../..', import.meta.url).pathname
const environment = join(root, '.cache', 'bench-python')
const requirementsFile = new URL('./requirements.txt', import.meta.url).pathname

/** The `bin` folder of a Python environment with moto and MiniStack, made on first use; or why there is none. */
export async function benchPython(): Promise<{ readonly bin: string } | { readonly missing: string }> {
  const requirements = readFileSync(requirementsFile, 'utf8')
  const bin = join(environment, 'bin')
  const stamp = join(environment, 'installed.txt')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === requirements) return { bin }
  if (!succeeds('python3', ['-c', 'import venv, ensurepip'])) return { missing: 'no Python 3 with venv' }
  if (!(await run('python3', ['-m', 'venv', '--clear', environment])))
    return { missing: 'no Python environment could be made' }
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirementsFile]
  if (!(await run(join(bin, 'python'), install)))
    return { missing: 'the packages could not be had from a Python package index' }
  writeFileSync(stamp, requirements)
  return { bin }
}

async function run(program: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(program, args, { stdio: 'ignore' })
  const [status] = await once(child, 'exit')
  return status === 0
}
