import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { Pace } from './comparison.ts'
import { CONNECTIONS } from './comparison.ts'
import type { Figures } from './figures.ts'
import { measureSlice, toFigures } from './figures.ts'
import type { LoadGenerator } from './load.ts'
import { pidOf, stopProcess } from './service-process.ts'
import { signRequest } from './signed-request.ts'
import { hostOf } from './target.ts'

const WARM_UP_MILLISECONDS = 1_000

/** A server that reads JSON and answers JSON with nothing between: what this machine gives at best, by connections. */
export async function measureBareHttp(
  generator: LoadGenerator,
  { rounds, sliceMilliseconds }: Pace,
): Promise<Readonly<Record<string, Figures>>> {
  const child = fork(new URL('./bare-server.ts', import.meta.url).pathname)
  try {
    const [port]: unknown[] = await once(child, 'message')
    const target = { name: 'bare node:http', host: '127.0.0.1', port: Number(port), pid: pidOf(child) }
    const request = signRequest({
      host: hostOf(target),
      operation: 'Decrypt',
      body: { CiphertextBlob: 'A'.repeat(200) },
    })
    const measure = (connections: number, milliseconds: number) =>
      measureSlice(generator, target, {
        requests: [request],
        connections,
        until: { milliseconds },
        member: 'Plaintext',
      })
    await measure(1, WARM_UP_MILLISECONDS)
    const figures: Record<string, Figures> = {}
    for (const connections of CONNECTIONS) {
      const slices = []
      for (let turn = 0; turn < rounds; turn++) slices.push(await measure(connections, sliceMilliseconds))
      figures[connections] = toFigures(slices)
    }
    return figures
  } finally {
    await stopProcess(child)
  }
}
