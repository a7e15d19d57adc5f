import type { SourceFile } from './source-tree.ts'

/** Which rooms a room may import from. Every room may import itself and `core`; nobody imports what is not listed. */
export const ROOMS: ReadonlyMap<string, readonly string[]> = new Map([
  ['core', []],
  ['store', []],
  ['policy', []],
  ['lint', ['policy']],
  ['attestation', []],
  ['recipient', []],
  ['simulator', []],
  ['decisions', []],
  ['audit', []],
  ['config', []],
  ['identity', ['store']],
  ['keys', ['store']],
  [
    'operations',
    ['keys', 'policy', 'lint', 'attestation', 'recipient', 'store', 'identity', 'decisions', 'audit'],
  ],
  ['sts', ['operations', 'policy', 'identity', 'decisions', 'audit']],
  ['http', ['operations', 'sts', 'identity', 'decisions', 'audit']],
  ['enclave', []],
  // What packages built on this one may import; no room lists it, so nothing inside does.
  ['library', ['attestation', 'simulator']],
  [
    'cli',
    ['config', 'attestation', 'simulator', 'recipient', 'policy', 'lint', 'decisions', 'enclave', 'compose'],
  ],
  [
    'compose',
    [
      'config',
      'store',
      'keys',
      'policy',
      'attestation',
      'recipient',
      'simulator',
      'identity',
      'decisions',
      'audit',
      'operations',
      'http',
    ],
  ],
  ['main', ['cli']],
  // The second program: a stand-in for AWS's tool of that name.
  ['nitro-tpm-attest', ['cli']],
])

/** The room of a file: the folder under `src`, `enclave`, or the name of a file that lies in `src` itself. */
export function roomOf(path: string): string {
  const [top, second] = path.split('/')
  if (top !== 'src') return top ?? ''
  return (second ?? '').replace(/\.ts$/, '')
}

/** Imports that the table does not allow, as `file -> file`. */
export function forbiddenImports(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => {
    const room = roomOf(file.path)
    const allowed = new Set([room, 'core', ...(ROOMS.get(room) ?? [])])
    return file.imports
      .filter((imported) => !ROOMS.has(room) || !allowed.has(roomOf(imported)))
      .map((imported) => `${file.path} -> ${imported}`)
  })
}

/** Packages that more than one file of a room imports, as `room: package in file, file`. */
export function packagesImportedTwice(files: readonly SourceFile[]): readonly string[] {
  const users = new Map<string, Set<string>>()
  for (const file of files) {
    for (const name of file.packages.filter(
      (imported) => !imported.startsWith('node:') || imported === 'node:sqlite',
    )) {
      const key = `${roomOf(file.path)}: ${name}`
      users.set(key, (users.get(key) ?? new Set()).add(file.path))
    }
  }
  return [...users]
    .filter(([, paths]) => paths.size > 1)
    .map(([key, paths]) => `${key} in ${[...paths].join(', ')}`)
}

/** Files that are part of a circle of imports. */
export function importCircles(files: readonly SourceFile[]): readonly string[] {
  const importsOf = new Map(files.map((file) => [file.path, file.imports]))
  const reaches = (start: string): Set<string> => {
    const seen = new Set<string>()
    const open = [...(importsOf.get(start) ?? [])]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue
      seen.add(next)
      open.push(...(importsOf.get(next) ?? []))
    }
    return seen
  }
  return files.map((file) => file.path).filter((path) => reaches(path).has(path))
}
