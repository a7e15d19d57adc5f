import { registerHooks } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import type { VerdictCase } from './cases.ts'
import type { WorkerData, WorkerOrder, WorkerReport } from './messages.ts'
import { toVerdict } from './verdict.ts'

// Loads the verifier once for every mutation, under addresses of its own, and puts documents to it. Only the changed
// files and those that import them are loaded anew; the engine never sees the difference on disk.

// Sent by `pool.ts`, which starts this file and nothing else.
const { project, cases, sources, counter } = workerData as WorkerData
const port = parentPort
if (!port) throw new Error('this file is run by the pool of workers')

let current: WorkerOrder | null = null

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context)
    const isInside = context.parentURL?.includes('?mutation=') === true
    const path = resolved.url.slice(project.length)
    if (!isInside || !current?.dependents.includes(path)) return resolved
    return { ...resolved, url: `${resolved.url}?mutation=${current.number}` }
  },
  load(url, context, next) {
    const [address = '', query] = url.split('?')
    const path = address.slice(project.length)
    const changed = query === undefined ? undefined : current?.sources.get(path)
    const source = changed ?? sources.get(path)
    if (source === undefined) return next(url, context)
    return { format: 'module-typescript', source, shortCircuit: true }
  },
})

async function run(order: WorkerOrder): Promise<WorkerReport> {
  current = order
  const load = async (path: string): Promise<Record<string, unknown>> =>
    import(`${project}${path}${order.dependents.includes(path) ? `?mutation=${order.number}` : ''}`)
  const verify = await load('src/attestation/verify.ts')
  const options = await load('src/attestation/verify-options.ts')
  const changes: { caseIndex: number; verdict: string | null }[] = []
  for (const caseIndex of order.order) {
    Atomics.store(counter, 0, caseIndex)
    Atomics.add(counter, 1, 1)
    const asked: VerdictCase | undefined = cases[caseIndex]
    if (!asked) throw new RangeError('there is no such case')
    const verdict = await toVerdict(asked, verify, options)
    if (verdict !== asked.code) changes.push({ caseIndex, verdict })
    if (changes.length > 0 && !order.counted.includes(caseIndex)) break
    if (changes.length > 0 && caseIndex === order.counted.at(-1)) break
  }
  return { number: order.number, changes, error: null }
}

port.on('message', (order: WorkerOrder) => {
  run(order).then(
    (report) => port.postMessage(report),
    (error: unknown) => {
      const report: WorkerReport = { number: order.number, changes: [], error: String(error) }
      port.postMessage(report)
    },
  )
})
// Only now can it be told from one that hangs.
port.postMessage('ready')
