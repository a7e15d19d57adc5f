import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { measureAuthorization } from './authorization.ts'
import { openDocumentSource } from './documents.ts'
import { judge } from './goals.ts'
import { describeMachine, loadAverage } from './machine.ts'
import { ATTESTED_OPERATIONS, PLAIN_OPERATIONS, RSA_PAIR } from './operations.ts'
import { measureIdleMemory, measureOperations, withService } from './operations-section.ts'
import { PROGRAMS } from './service-process.ts'
import { measureStart } from './start.ts'
import { round } from './statistics.ts'
import { measureVerification } from './verification.ts'
import { measureRates } from './verification-rates.ts'
import { measureVerifiers } from './verifiers.ts'

// Prints one JSON document on standard output: times in milliseconds (in microseconds where the name says so, and
// under `verification`), memory in MB of 2^20 bytes. Trust what stands beside one another in one run; absolute figures
// depend on the machine and on its neighbours.

const USAGE = `usage: node test/bench/run.ts [--quick] [--only NAME]... [--cpu-prof DIR]
  --quick         shorter slices and fewer repeats
  --only NAME     one part (start, memory, authorization, verification, rates, verifiers, operations) or one operation; repeatable
  --cpu-prof DIR  writes a processor profile of the service under load
`

const SECTIONS = [
  'start',
  'memory',
  'authorization',
  'verification',
  'rates',
  'verifiers',
  'operations',
] as const
const OPERATIONS = [...PLAIN_OPERATIONS, ...ATTESTED_OPERATIONS, RSA_PAIR].map(({ name }) => name)

/** How much is measured. */
const FULL = {
  starts: 7,
  authorization: { calls: 5_000 },
  verification: { rounds: 15, documents: 40 },
  rates: { rounds: 15, documents: 60 },
  verifiers: { rounds: 8, documents: 5, mayCompile: true },
  pace: { rounds: 3, sliceMilliseconds: 500, warmUp: { milliseconds: 1_000, calls: 1_000 } },
  freshCalls: { 1: 80, 16: 160 },
  sustainedMilliseconds: 4_000,
}
const QUICK: typeof FULL = {
  starts: 3,
  authorization: { calls: 1_000 },
  verification: { rounds: 5, documents: 20 },
  rates: { rounds: 5, documents: 30 },
  verifiers: { rounds: 3, documents: 3, mayCompile: false },
  pace: { rounds: 2, sliceMilliseconds: 200, warmUp: { milliseconds: 300, calls: 500 } },
  freshCalls: { 1: 40, 16: 80 },
  sustainedMilliseconds: 1_500,
}

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    'cpu-prof': { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const startedAt = performance.now()

function progress(line: string): void {
  process.stderr.write(
    `bench: ${((performance.now() - startedAt) / 1000).toFixed(0).padStart(3)} s  ${line}\n`,
  )
}

function wants(section: (typeof SECTIONS)[number]): boolean {
  if (flags.only.length === 0 || flags.only.includes(section)) return true
  return section === 'operations' && flags.only.some((name) => OPERATIONS.includes(name))
}

/** All operations, or those that are named. */
function wantsOperation(name: string): boolean {
  const named = flags.only.filter((only) => OPERATIONS.includes(only))
  return named.length === 0 || named.includes(name)
}

async function runBench(): Promise<object> {
  const extent = flags.quick ? QUICK : FULL
  const machine = describeMachine()
  const loadBefore = loadAverage()
  if (wants('start')) progress('start')
  const start = wants('start') ? await measureStart(extent.starts) : null
  if (wants('authorization')) progress('authorization')
  const authorization = wants('authorization') ? measureAuthorization(extent.authorization) : null
  if (wants('verification')) progress('verification')
  const verification = wants('verification')
    ? await measureVerification(await openDocumentSource(), extent.verification)
    : null
  if (wants('rates')) progress('rates of verification, by cores')
  const rates = wants('rates') ? await measureRates(extent.rates) : null
  const verifiers = wants('verifiers') ? await measureVerifiers({ ...extent.verifiers, progress }) : null
  const { memory, operations } = await measureService(extent)
  const measured = { start, memory, authorization, verification, rates, verifiers, operations }
  return {
    machine: { ...machine, loadBefore, loadAfter: loadAverage() },
    seconds: round((performance.now() - startedAt) / 1000),
    quick: flags.quick,
    goals: judge(measured),
    ...measured,
  }
}

/** Memory and load are those of one process. */
async function measureService(extent: typeof FULL) {
  if (!wants('memory') && !wants('operations')) return { memory: null, operations: null }
  const profile = flags['cpu-prof']
  const nodeFlags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
  return withService(nodeFlags, async (target) => {
    if (wants('memory')) progress('memory')
    const memory = wants('memory') ? await measureIdleMemory(target) : null
    const bench = { ...extent, isWanted: wantsOperation, progress }
    const operations = wants('operations') ? await measureOperations(target, bench) : null
    return { memory, operations }
  })
}

const names: readonly string[] = [...SECTIONS, ...OPERATIONS]
const unknown = flags.only.filter((name) => !names.includes(name))
if (flags.help || unknown.length > 0) {
  process.stderr.write(`${USAGE}  names: ${names.join(', ')}\n`)
  process.exitCode = flags.help ? 0 : 2
} else if (!existsSync(new URL(`../../${PROGRAMS.built}`, import.meta.url))) {
  process.stderr.write('bench: there is no built program; `make build` makes it\n')
  process.exitCode = 2
} else {
  process.stdout.write(`${JSON.stringify(await runBench(), null, 2)}\n`)
  progress('done')
}
