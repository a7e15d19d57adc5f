import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, runInstaller } from './cache.ts'
import { repin } from './repin.ts'

/** Where a package lies once it is installed, without its scripts having been run; null if it cannot be had. */
export async function installNpmPackage(name: string, version: string): Promise<string | null> {
  const folder = cacheFolder('npm', name.replaceAll(/[^a-z0-9-]/g, '_'))
  const installed = join(folder, 'node_modules')
  const manifest = join(installed, name, 'package.json')
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version === version) return installed
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  const args = [
    'install',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--save-exact',
    `${name}@${version}`,
  ]
  return (await runInstaller('npm', { args, cwd: folder })) ? installed : null
}

/** The path of a copy of `file` that trusts the lab's root in the place of AWS's; null where that is not in it. */
export function copyWithRoot(file: string, rootCertificate: Uint8Array): string | null {
  const repinned = repin(readFileSync(file), rootCertificate)
  if (!repinned) return null
  const copy = file.replace(/(\.[a-z]+)$/, '.lab$1')
  writeFileSync(copy, repinned)
  return copy
}
