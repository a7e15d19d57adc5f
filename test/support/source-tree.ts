import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** A source file as the architecture test sees it. */
export interface SourceFile {
  /** Path from the top of the project, with forward slashes. */
  readonly path: string
  readonly text: string
  /** Files of the project that it imports, as paths from the top. */
  readonly imports: readonly string[]
  /** Names of packages that it imports, without a path inside them; `node:` modules as they are. */
  readonly packages: readonly string[]
}

const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*)'([^'\s]+)'/g

/** Reads every TypeScript file under the given folders of a project. */
export function readSourceTree(root: string, folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readSourceFile(root, join(folder, name))),
  )
}

function readSourceFile(root: string, path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8')
  const specifiers = [...text.matchAll(SPECIFIER)].map((match) => match[1] ?? '')
  const [own, foreign] = [
    specifiers.filter((name) => name.startsWith('.')),
    specifiers.filter((name) => !name.startsWith('.')),
  ]
  return {
    path: path.replaceAll('\\', '/'),
    text,
    imports: own.map((name) => relative(root, join(root, dirname(path), name)).replaceAll('\\', '/')),
    packages: foreign.map(packageName),
  }
}

function packageName(specifier: string): string {
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '')
}
