import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Program } from './service-process.ts'
import { startServiceProcess } from './service-process.ts'
import type { Spread } from './statistics.ts'
import { median, round, spreadOf } from './statistics.ts'

const PROGRAMS: readonly Program[] = ['built', 'sources']

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
  const samples = { built: emptySamples(), sources: emptySamples() }
  for (let run = 0; run < runs; run++) {
    bare.push(await startBareNode())
    for (const program of PROGRAMS) await startTwice(program, samples[program])
  }
  const built = toFigures(samples.built)
  return {
    bareNode: spreadOf(bare),
    built,
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

async function startTwice(program: Program, samples: Samples): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), 'attested-kms-bench-'))
  try {
    for (const kind of ['newDirectory', 'existingDirectory'] as const) {
      const service = await startServiceProcess(program, { data: join(parent, 'data') })
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
