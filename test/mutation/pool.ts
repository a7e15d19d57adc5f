import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { VerdictCase } from './cases.ts'
import type { Change, WorkerData, WorkerOrder, WorkerReport } from './messages.ts'
import type { Mutation } from './mutation.ts'
import type { VerifierFile } from './sources.ts'
import { PROJECT } from './sources.ts'

/** A mutation, and the order in which documents are put to it. */
export interface Trial {
  readonly mutation: Mutation
  readonly order: readonly number[]
  /** The first ones of `order`, of which all are tried. */
  readonly counted: readonly number[]
}

/** The verifier, and the documents that are put to it. */
export interface Subject {
  readonly files: readonly VerifierFile[]
  readonly cases: readonly VerdictCase[]
}

/** What came of a trial: the documents to which the verdict changed, none where nobody notices the mutation. */
export interface TrialResult {
  readonly mutation: Mutation
  readonly changes: readonly Change[]
}

/** A case takes some milliseconds; one that takes so long does not end. */
const HANGS_MILLISECONDS = 6_000
const LOOKS_MILLISECONDS = 500
/** Modules cannot be unloaded, so a worker is replaced after so many mutations. */
const WORKER_LIFE = 150
const MEMORY_MB = 512

/**
 * Tries mutations in some workers at once. `done` is called for each in the order in which they end. Rejects where a
 * mutation cannot be applied: where the changed verifier does not load.
 */
export async function runTrials(
  trials: readonly Trial[],
  { files, cases }: Subject,
  { workers, done }: { readonly workers: number; readonly done: (result: TrialResult) => void },
): Promise<void> {
  const queue = trials.entries()
  const lane = async (): Promise<void> => {
    let worker: TrialWorker | null = null
    for (const [number, trial] of queue) {
      if (worker === null || worker.age >= WORKER_LIFE) {
        await worker?.end()
        worker = startWorker(files, cases)
      }
      const { mutation, order, counted } = trial
      const { sources, dependents } = mutation
      const report = await worker.run({ number, sources, dependents, order, counted })
      if (report.error !== null) throw new Error(`${mutation.id} cannot be applied: ${report.error}`)
      if (report.ended) worker = null
      done({ mutation, changes: report.changes })
    }
    await worker?.end()
  }
  await Promise.all(Array.from({ length: workers }, lane))
}

interface TrialWorker {
  readonly age: number
  run(order: WorkerOrder): Promise<WorkerReport & { readonly ended: boolean }>
  end(): Promise<unknown>
}

function startWorker(files: Subject['files'], cases: Subject['cases']): TrialWorker {
  const counter = new Int32Array(new SharedArrayBuffer(8))
  const sources = new Map(files.map(({ path, text }) => [path, text]))
  const data: WorkerData = { project: PROJECT.href, cases, sources, counter }
  const worker = new Worker(new URL('worker.ts', import.meta.url), {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  })
  const ready = once(worker, 'message')
  let age = 0
  return {
    get age() {
      return age
    },
    end: () => worker.terminate(),
    async run(order) {
      age++
      await ready
      const gone = watch(worker, counter)
      worker.postMessage(order, [])
      const answered = new Promise<WorkerReport>((resolve) => worker.once('message', resolve))
      const first = await Promise.race([answered, gone.promise])
      gone.stop()
      if (typeof first !== 'string') return { ...first, ended: false }
      await worker.terminate()
      const changes = [{ caseIndex: Atomics.load(counter, 0), verdict: first }]
      return { number: order.number, changes, error: null, ended: true }
    },
  }
}

/** Fulfils with what happened when a worker comes to nothing: it stays at one case, or runs out of memory. */
function watch(worker: Worker, counter: Int32Array): { promise: Promise<string>; stop: () => void } {
  const { promise, resolve } = Promise.withResolvers<string>()
  let [seen, since] = [Atomics.load(counter, 1), performance.now()]
  const timer = setInterval(() => {
    const now = Atomics.load(counter, 1)
    if (now !== seen) [seen, since] = [now, performance.now()]
    else if (performance.now() - since > HANGS_MILLISECONDS) resolve('(no end)')
  }, LOOKS_MILLISECONDS)
  const onError = (error: Error): void => resolve(`(${error.name} in the worker)`)
  worker.once('error', onError)
  return {
    promise,
    stop() {
      clearInterval(timer)
      worker.off('error', onError)
    },
  }
}
