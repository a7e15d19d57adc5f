import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { ATTESTATION_CHECKS } from '../../src/attestation/attestation-checks.ts'
import { createVerificationCache } from '../../src/attestation/verification-cache.ts'
import { makeDice } from '../support/attestation/mutations.ts'
import type { Caches } from './check-case.ts'
import { checkCase, LIMIT_MILLISECONDS } from './check-case.ts'
import type { FuzzCase } from './make-case.ts'
import { makeCase } from './make-case.ts'
import type { World } from './world.ts'
import { makeWorld } from './world.ts'

/*
 * Makes documents with structural changes and verifies them, for `SECONDS` seconds, one after another on one core. Prints
 * what was found; status 1, and a file for each, if an answer of the verifier was not what it must be. `SEED` makes the
 * same cases again, but for the signatures that OpenSSL makes; `ONLY` makes one of them.
 */

const SECONDS = Number(process.env['SECONDS'] ?? 600)
const SEED = Number(process.env['SEED'] ?? Math.trunc(Math.random() * 2 ** 31))
const only = process.env['ONLY']

/** How much more memory may be in use at the end than after a tenth of the time. */
const GROWTH_LIMIT_BYTES = 64 * 1024 * 1024
/** More than this is not looked at any further. */
const VIOLATIONS_LIMIT = 20

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

interface Slowest {
  readonly milliseconds: number
  readonly index: number
  readonly changes: readonly string[]
}

const counts = new Map<string, number>()
const found: string[] = []
let slowest: Slowest = { milliseconds: 0, index: -1, changes: [] }
let folder: string | undefined

process.on('unhandledRejection', (reason) => {
  found.push(`unhandled rejection: ${String(reason)}`)
})

function heapInUse(): number {
  collect()
  return process.memoryUsage().heapUsed
}

/** Keeps the input of a wrong answer. */
function keep(index: number, { input, changes }: FuzzCase, violations: readonly string[]): void {
  folder ??= mkdtempSync(join(tmpdir(), 'attested-kms-fuzz-'))
  const file = join(folder, `${SEED}-${index}.bin`)
  writeFileSync(file, input)
  const what = changes.map(({ name }) => name).join('; ') || 'nothing changed'
  found.push(`${violations.join('; ')} [case ${index}: ${what}] ${file}`)
  console.error(found.at(-1))
}

/** Makes a case, has it verified, and keeps what there is to say about it. */
async function tryCase(index: number, world: World, caches: Caches): Promise<void> {
  const one = makeCase(makeDice(SEED ^ Math.imul(index + 1, 0x9e3779b1)), world)
  const { code, violations, milliseconds } = await checkCase(one, caches)
  counts.set(code ?? 'accepted', (counts.get(code ?? 'accepted') ?? 0) + 1)
  if (milliseconds > slowest.milliseconds) {
    slowest = { milliseconds, index, changes: one.changes.map(({ name }) => name) }
  }
  if (violations.length > 0) keep(index, one, violations)
}

/** Tries cases until the time is over; answers how many, and by how much the memory in use has grown. */
async function tryMany(world: World, caches: Caches): Promise<readonly [cases: number, growth: number]> {
  const [end, settled] = [Date.now() + SECONDS * 1000, Date.now() + SECONDS * 100]
  let settledHeap = Infinity
  let index = 0
  for (; Date.now() < end && found.length < VIOLATIONS_LIMIT; index++) {
    await tryCase(index, world, caches)
    if (settledHeap === Infinity && Date.now() > settled) settledHeap = heapInUse()
  }
  return [index, heapInUse() - settledHeap]
}

async function main(): Promise<void> {
  console.log(`SEED=${SEED}, ${only === undefined ? `${SECONDS} seconds` : `case ${only} only`}`)
  const world = makeWorld(SEED)
  // The second one is small, so that facts go out of it as well.
  const caches = { shared: createVerificationCache(), other: createVerificationCache(64) }
  if (only !== undefined) {
    await tryCase(Number(only), world, caches)
    return report(1, 0)
  }
  const [cases, growth] = await tryMany(world, caches)
  if (growth > GROWTH_LIMIT_BYTES)
    found.push(`${growth} bytes more are in use than after a tenth of the time`)
  report(cases, growth)
}

function report(cases: number, growth: number): void {
  const codes = Object.fromEntries([...counts].toSorted(([, a], [, b]) => b - a))
  const unseen = ATTESTATION_CHECKS.map(({ code }) => code).filter((code) => !counts.has(code))
  const { rss } = process.memoryUsage()
  const megabytes = (bytes: number): number | null =>
    Number.isFinite(bytes) ? Math.round(bytes / 2 ** 20) : null
  const summary = {
    seed: SEED,
    cases,
    accepted: counts.get('accepted') ?? 0,
    codes,
    unseen,
    slowest,
    limitMilliseconds: LIMIT_MILLISECONDS,
    heapGrowthMegabytes: megabytes(growth),
    residentMegabytes: megabytes(rss),
    violations: found,
  }
  console.log(JSON.stringify(summary, undefined, 1))
  process.exitCode = found.length > 0 ? 1 : 0
}

await main()
