import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** `from './x.ts'` and `import('./x.ts')`. */
const SPECIFIER = /(\bfrom |\bimport\()(["'])(\.{1,2}\/[^"']+)\.ts\2/g

/**
 * Makes the declarations below a folder name `.js` files, as the code beside them does: the compiler rewrites the
 * extensions of relative imports in code alone, and readers of declarations other than itself look for what is there.
 */
export function pointDeclarations(folder: string): void {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  for (const name of names.filter((path) => path.endsWith('.d.ts'))) {
    const path = join(folder, name)
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(SPECIFIER, '$1$2$3.js$2'))
  }
}

if (import.meta.main) pointDeclarations(process.argv[2] ?? 'dist')
