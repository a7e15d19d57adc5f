import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder, runInstaller } from './cache.ts'
import type { Command, Installed, Lab, Missing } from './peer.ts'
import { repin } from './repin.ts'

const SOURCES = new URL('./drivers/rust/', import.meta.url).pathname

/** A driver in Rust. `dependencies` are lines of its Cargo.toml; `driver` is a file of `drivers/rust/`. */
export interface RustProgram {
  readonly driver: string
  readonly dependencies: readonly string[]
  readonly root: 'argument' | 'built in'
}

/** Builds a driver with the crate it drives, each as a package of its own, so that one that fails hinders no other. */
export async function buildRustProgram(
  { driver, dependencies, root }: RustProgram,
  lab: Lab,
): Promise<Installed | Missing> {
  const folder = cacheFolder('rust', driver)
  const target = cacheFolder('rust', 'target')
  const name = `peer-${driver}`
  const binary = join(target, 'release', name)
  const changed = writePackage(folder, driver, manifest(name, dependencies))
  if (changed || !existsSync(binary)) {
    if (!lab.mayCompile) return { missing: 'not compiled yet; `make peers` does it' }
    const args = ['build', '--release', '--quiet']
    if (!(await runInstaller('cargo', { args, cwd: folder, env: { CARGO_TARGET_DIR: target } }))) {
      return { missing: 'cargo did not build it (no cargo, no crate registry, or a compile error)' }
    }
  }
  const aws = { program: binary, args: [] }
  if (root === 'argument') return { command: { aws, lab: aws } }
  const repinned = repin(readFileSync(binary), lab.rootCertificate)
  if (!repinned) return { missing: 'the root was not found in the program' }
  return { command: { aws, lab: writeProgram(join(folder, 'with-lab-root'), repinned) } }
}

/** Writes the package; tells whether anything in it is new. */
function writePackage(folder: string, driver: string, cargoToml: string): boolean {
  mkdirSync(join(folder, 'src'), { recursive: true })
  const files = [
    ['Cargo.toml', cargoToml],
    ['src/main.rs', readFileSync(join(SOURCES, `${driver}.rs`), 'utf8')],
    ['src/protocol.rs', readFileSync(join(SOURCES, 'protocol.rs'), 'utf8')],
  ] as const
  const outdated = files.filter(([path, text]) => {
    const file = join(folder, path)
    return !existsSync(file) || readFileSync(file, 'utf8') !== text
  })
  for (const [path, text] of outdated) writeFileSync(join(folder, path), text)
  return outdated.length > 0
}

function manifest(name: string, dependencies: readonly string[]): string {
  const head = ['[package]', `name = "${name}"`, 'version = "0.0.0"', 'edition = "2021"', 'publish = false']
  return [...head, '', '[workspace]', '', '[dependencies]', ...dependencies, ''].join('\n')
}

function writeProgram(path: string, bytes: Uint8Array): Command {
  writeFileSync(path, bytes)
  chmodSync(path, 0o755)
  return { program: path, args: [] }
}
