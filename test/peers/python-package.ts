import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { succeeds } from '../support/python.ts'
import { cacheFolder, runInstaller } from './cache.ts'
import { repin } from './repin.ts'

/** A Python environment of one package. */
export interface PythonPackage {
  readonly python: string
  /** The folder of its packages. */
  readonly packages: string
}

/** Makes an environment with one package of the index; null if it cannot be had. */
export async function installPythonPackage(name: string, version: string): Promise<PythonPackage | null> {
  const folder = cacheFolder('python', name)
  const python = join(folder, 'bin', 'python')
  const stamp = join(folder, 'installed.txt')
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== version) {
    if (!succeeds('python3', ['-c', 'import venv, ensurepip'])) return null
    const make = ['-m', 'venv', '--clear', folder]
    if (!(await runInstaller('python3', { args: make, cwd: cacheFolder('python') }))) return null
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', `${name}==${version}`]
    if (!(await runInstaller(python, { args: pip, cwd: folder }))) return null
    writeFileSync(stamp, version)
  }
  const [release] = readdirSync(join(folder, 'lib'))
  return release === undefined ? null : { python, packages: join(folder, 'lib', release, 'site-packages') }
}

/**
 * The path of a folder with a copy of a package whose native module trusts the lab's root in the place of AWS's; null
 * where that is not in it.
 */
export function copyModuleWithRoot(
  { packages }: PythonPackage,
  module: string,
  rootCertificate: Uint8Array,
): string | null {
  const folder = cacheFolder('python', 'with-lab-root')
  const copy = join(folder, module)
  cpSync(join(packages, module), copy, { recursive: true })
  const library = readdirSync(copy).find((file) => file.endsWith('.so'))
  const repinned = library === undefined ? null : repin(readFileSync(join(copy, library)), rootCertificate)
  if (library === undefined || !repinned) return null
  writeFileSync(join(copy, library), repinned)
  return folder
}
