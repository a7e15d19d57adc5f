import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Program } from './service-process.ts'
import { startServiceProcess } from './service-process.ts'
import type { Spread } from './statistics.ts'
import { median, round, spreadOf } from './statistics.ts'

/** How the service is started. What Node has compiled is kept from one start to the next, so the first has it worse. */
const WAYS = {
  built: { program: 'built', env: {} },
  builtWithoutCompileCache: { program: 'built', env: { NODE_DISABLE_COMPILE_CACHE: '1' } },
  sources: { program: 'sources', env: {} },
} as const satisfies Record<
  string,
  { readonly program: Program; readonly env: Readonly<Record<string, string>> }
>
type Way = keyof typeof WAYS
const NAMES: readonly Way[] = ['built', 'builtWithoutCompileCache', 'sources']

/** Milliseconds from the making of the process to the ready line. */
export interface StartFigures {
  /** On a data directory that is not there yet. */
  readonly newDirectory: Spread
  readonly existingDirectory: Spread
  /** From the ready line to the end of the first answer. */
  readonly firstAnswer: Spread
}

/** Starts of the built program and of the sources, and of Node with an empty program, in turn. */
export async function measureStart(runs: number) {
  const bare: number[] = []
  const samples: Readonly<Record<Way, Samples>> = {
    built: emptySamples(),
    builtWithoutCompileCache: emptySamples(),
    sources: emptySamples(),
  }
  // What was compiled is kept when a process ends, so the first one of each program does not count.
  for (const way of NAMES) await startTwice(way, emptySamples())
  for (let run = 0; run < runs; run++) {
    bare.push(await startBareNode())
    for (const way of NAMES) await startTwice(way, samples[way])
  }
  const built = toFigures(samples.built)
  return {
    bareNode: spreadOf(bare),
    built,
    builtWithoutCompileCache: toFigures(samples.builtWithoutCompileCache),
    sources: toFigures(samples.sources),
    builtToBareNode: round(built.newDirectory.median / median(bare), 2),
  }
}

interface Samples {
  readonly newDirectory: number[]
  readonly existingDirectory: number[]
  readonly firstAnswer: number[]
}

function emptySamples(): Samples {
  return { newDirectory: [], existingDirectory: [], firstAnswer: [] }
}

function toFigures({ newDirectory, existingDirectory, firstAnswer }: Samples): StartFigures {
  return {
    newDirectory: spreadOf(newDirectory),
    existingDirectory: spreadOf(existingDirectory),
    firstAnswer: spreadOf(firstAnswer),
  }
}

async function startTwice(way: Way, samples: Samples): Promise<void> {
  const { program, env } = WAYS[way]
  const parent = mkdtempSync(join(tmpdir(), 'attested-kms-bench-'))
  try {
    for (const kind of ['newDirectory', 'existingDirectory'] as const) {
      const service = await startServiceProcess(program, { data: join(parent, 'data'), env })
      samples[kind].push(service.readyMilliseconds)
      const asked = performance.now()
      await (await fetch(new URL('/health', service.kmsUrl))).text()
      samples.firstAnswer.push(performance.now() - asked)
      await service.stop()
    }
  } finally {
    rmSync(parent, { recursive: true, force: true })
  }
}

async function startBareNode(): Promise<number> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("ready")'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const exit = once(child, 'exit')
  await once(child.stdout, 'data')
  const milliseconds = performance.now() - startedAt
  await exit
  return milliseconds
}
