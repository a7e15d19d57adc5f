#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Compiled code is kept beside the program from one start to the next, where the folder can be written; a third of the
// time of a start is compiling. It has to be switched on before the rest is loaded.
enableCompileCache(fileURLToPath(new URL('../.cache/compile', import.meta.url)))
await (await import('./cli/main.ts')).main()
