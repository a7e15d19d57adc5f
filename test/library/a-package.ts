import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pointDeclarations } from '../config/declarations.ts'

const root = new URL('../..', import.meta.url).pathname

/** A project elsewhere that has this package installed, as `npm install` would have done. */
export interface InstalledPackage {
  /** Paths of the packed files, with forward slashes. */
  readonly files: readonly string[]
  /** Folder of the unpacked package. */
  readonly folder: string
  /** Writes a file into the project and runs it with Node; answers standard output. Throws if the program fails. */
  run(name: string, source: string): string
  /** Writes files into the project and checks their types with these settings; answers what the compiler says. */
  checkTypes(sources: Readonly<Record<string, string>>, compilerOptions: object): string
  remove(): void
}

/**
 * Builds the package, packs it as for a registry, and unpacks it beside the packages it depends on, those of this
 * checkout. Nothing of the development packages is within its reach but the types of Node.
 */
export function installPackage(): InstalledPackage {
  const scratch = mkdtempSync(join(tmpdir(), 'attested-kms-library-'))
  const project = join(scratch, 'project')
  const modules = join(project, 'node_modules')
  mkdirSync(modules, { recursive: true })
  const remove = (): void => rmSync(scratch, { recursive: true })
  try {
    pack(join(scratch, 'package'), modules)
    linkDependencies(modules)
  } catch (error) {
    remove()
    throw error
  }
  const write = (name: string, source: string): string => {
    writeFileSync(join(project, name), source)
    return join(project, name)
  }
  const folder = join(modules, 'attested-kms')
  return {
    files: listFiles(folder),
    folder,
    run: (name, source) =>
      execFileSync(process.execPath, [write(name, source)], { encoding: 'utf8', stdio: 'pipe' }),
    checkTypes(sources, compilerOptions) {
      const files = Object.entries(sources).map(([name, source]) => write(name, source))
      const config = write('tsconfig.json', JSON.stringify({ compilerOptions, files }))
      return spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', config], { encoding: 'utf8' }).stdout
    },
    remove,
  }
}

/** What `make build` compiles, put into a package as npm packs it, and that unpacked. */
function pack(folder: string, modules: string): void {
  const dist = join(folder, 'dist')
  execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', join(root, 'tsconfig.json'), '--outDir', dist])
  pointDeclarations(dist)
  for (const path of ['package.json', 'README.md', 'LICENSE', 'src/library/README.md']) {
    cpSync(join(root, path), join(folder, path))
  }
  // The scripts of this project prepare a checkout.
  execFileSync(
    'npm',
    ['pack', '--ignore-scripts', '--silent', '--offline', '--pack-destination', dirname(folder)],
    {
      cwd: folder,
    },
  )
  const archive = readdirSync(dirname(folder)).find((name) => name.endsWith('.tgz')) ?? ''
  execFileSync('tar', ['-xzf', join(dirname(folder), archive), '-C', modules])
  renameSync(join(modules, 'package'), join(modules, 'attested-kms'))
}

function linkDependencies(modules: string): void {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>
  }
  for (const name of [...Object.keys(dependencies), '@types/node']) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
}
