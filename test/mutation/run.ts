import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { makeCatalogue, makeHandWritten } from './cases.ts'
import { makeCheckTrials, toCheckRow } from './checks.ts'
import { makeConditionTrials, NOT_TRIED } from './condition-trials.ts'
import { EQUIVALENT_MUTATIONS } from './equivalent-mutations.ts'
import type { Subject, Trial, TrialResult } from './pool.ts'
import { runTrials } from './pool.ts'
import { readVerifier } from './sources.ts'
import { toTable } from './table.ts'

// Shows that every check of the verifier is alive: it is switched off, and a verdict on a document of the hostile
// catalogue changes. The sources are changed in memory on their way to the engine, never on disk.

const USAGE = `usage: node test/mutation/run.ts [--conditions] [--only TEXT]
                  switches off each check of the verifier in turn
  --conditions    changes each condition, comparison, limit and call instead; takes some minutes
  --only TEXT     only what has this text in its name: a code, a file, a function
`

const workers = availableParallelism()
const write = (text: string): void => void process.stdout.write(text)

/** Everything as it is: if a verdict is not as the catalogue says already, nothing can be shown. */
async function expectSound(subject: Subject): Promise<void> {
  const all = [...subject.cases.keys()]
  const mutation = { id: 'nothing', shown: '', sources: new Map<string, string>(), dependents: [] }
  const [result] = await run([{ mutation, order: all, counted: all }], subject)
  const [change] = result?.changes ?? []
  if (!change) return
  const { id, code } = subject.cases[change.caseIndex] ?? { id: '?', code: null }
  throw new Error(`the unchanged verifier says ${change.verdict} to ${id}, and not ${code}`)
}

/** The results in the order of the trials. */
async function run(trials: readonly Trial[], subject: Subject): Promise<readonly TrialResult[]> {
  const results = new Map<string, TrialResult>()
  await runTrials(trials, subject, {
    workers: Math.min(workers, trials.length),
    done(result) {
      results.set(result.mutation.id, result)
      if (results.size % 100 === 0) process.stderr.write(`${results.size} of ${trials.length}\n`)
    },
  })
  return trials.flatMap(({ mutation }) => results.get(mutation.id) ?? [])
}

async function tryChecks(subject: Subject, only: string): Promise<boolean> {
  const results = await run(named(makeCheckTrials(subject), only), subject)
  const rows = results.map((result) => toCheckRow(result, subject.cases))
  write(toTable([['check', 'changed', 'first document', 'verdict', 'switched off'], ...rows]))
  const unnoticed = results.filter(({ changes }) => changes.length === 0)
  write(`\n${results.length} checks switched off, ${unnoticed.length} unnoticed\n`)
  return unnoticed.length === 0 && results.length > 0
}

async function tryConditions(subject: Subject, only: string): Promise<boolean> {
  const results = await run(named(makeConditionTrials(subject), only), subject)
  const tried = new Map(results.map((result) => [result.mutation.id, result]))
  const survivors = results.filter(({ changes }) => changes.length === 0).map(({ mutation }) => mutation)
  const listed = new Set(EQUIVALENT_MUTATIONS.flatMap(({ ids }) => ids))
  const unexplained = survivors.filter(({ id }) => !listed.has(id))
  const stale = [...listed].filter((id) => id.includes(only) && tried.get(id)?.changes.length !== 0)
  for (const { id, shown } of unexplained) write(`survives: ${id}  (${shown})\n`)
  for (const id of stale) write(`listed as equivalent, but noticed or not there: ${id}\n`)
  for (const [where, why] of Object.entries(NOT_TRIED))
    write(`not tried: ${where.trim().replace(/:$/, '')}: ${why}\n`)
  write(
    `${results.length} mutations tried with ${subject.cases.length} documents: ` +
      `${results.length - survivors.length} noticed, ${survivors.length - unexplained.length} equivalent by the list, ` +
      `${unexplained.length} survive\n`,
  )
  return unexplained.length === 0 && stale.length === 0 && results.length > 0
}

function named(trials: readonly Trial[], only: string): readonly Trial[] {
  return trials.filter(({ mutation }) => mutation.id.includes(only))
}

const { values } = parseArgs({
  options: { conditions: { type: 'boolean' }, only: { type: 'string' }, help: { type: 'boolean' } },
})
if (values.help) {
  write(USAGE)
} else {
  const files = readVerifier()
  const catalogue = makeCatalogue({ kind: 'nitro-enclave' })
  const { only = '' } = values
  const subject = { files, cases: catalogue }
  const wide = {
    files,
    cases: [...makeHandWritten(), ...catalogue, ...makeCatalogue({ kind: 'nitrotpm', profile: '2021' })],
  }
  const chosen = values.conditions ? wide : subject
  await expectSound(chosen)
  const shown = values.conditions ? await tryConditions(chosen, only) : await tryChecks(chosen, only)
  process.exitCode = shown ? 0 : 1
}
