import { readSourceTree } from '../support/source-tree.ts'

/** The top of the project. */
export const PROJECT = new URL('../../', import.meta.url)

/** A file of the verifier. */
export interface VerifierFile {
  /** Path from the top of the project. */
  readonly path: string
  readonly text: string
  /** Files that have to be loaded anew where this one is changed: itself and whatever imports it, near or far. */
  readonly dependents: readonly string[]
}

const ROOM = 'src/attestation/'
const ENTRY = `${ROOM}verify.ts`

/** The files of the verifier that a verdict can depend on: those that `verify.ts` imports, near or far. */
export function readVerifier(): readonly VerifierFile[] {
  const files = readSourceTree(PROJECT.pathname, ['src/attestation'])
  const importsOf = new Map(
    files.map(({ path, imports }) => [path, imports.filter((name) => name.startsWith(ROOM))]),
  )
  const reached = closure(ENTRY, (path) => importsOf.get(path) ?? [])
  const importersOf = (path: string): readonly string[] =>
    [...reached].filter((other) => importsOf.get(other)?.includes(path))
  return files
    .filter(({ path }) => reached.has(path))
    .map(({ path, text }) => ({ path, text, dependents: [...closure(path, importersOf)] }))
}

function closure(start: string, next: (path: string) => readonly string[]): ReadonlySet<string> {
  const seen = new Set([start])
  for (const path of seen) for (const other of next(path)) seen.add(other)
  return seen
}

/** The line, from 1 on, of a position in a text. */
export function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}
