// A process of its own, so that its work is not counted as the service's: it sends requests that were signed beforehand
// over plain sockets, and reads of each answer what it must to know that it is one.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from './connection.ts'
import { openConnection } from './connection.ts'
import type { HttpAnswer } from './http-answer.ts'
import type { Slice, SliceReport, SliceResult } from './load-protocol.ts'

/** How much of an answer that is not 200 is shown. */
const SHOWN_CHARACTERS = 300

/** What the connections of a slice share. */
interface Run {
  readonly slice: Slice
  readonly latencies: number[]
  /** Requests by their place in the slice of which an answer was read in full. */
  readonly readInFull: Set<number>
  readonly deadline: number
  sent: number
  reconnects: number
}

async function runSlice(slice: Slice): Promise<SliceResult> {
  const connections = await Promise.all(
    Array.from({ length: slice.connections }, () => openConnection(slice)),
  )
  const processorBefore = process.cpuUsage()
  const startedAt = performance.now()
  const deadline = startedAt + slice.until.milliseconds
  const run: Run = { slice, latencies: [], readInFull: new Set(), deadline, sent: 0, reconnects: 0 }
  await Promise.all(connections.map((connection) => keepAsking(run, connection)))
  const milliseconds = performance.now() - startedAt
  const { user, system } = process.cpuUsage(processorBefore)
  return {
    latencies: Float64Array.from(run.latencies),
    milliseconds,
    reconnects: run.reconnects,
    generatorMilliseconds: (user + system) / 1000,
  }
}

/** One connection's share of a slice. */
async function keepAsking(run: Run, first: Connection): Promise<void> {
  const { slice, deadline, latencies } = run
  const { requests, until, pauseMilliseconds = 0 } = slice
  let connection: Connection | null = first
  while (performance.now() < deadline && run.sent < (until.calls ?? Infinity)) {
    const place = run.sent++ % requests.length
    const request = requests[place]
    if (!request) throw new Error('a slice without requests')
    const sentAt = performance.now()
    if (!connection) {
      run.reconnects++
      connection = await openConnection(slice)
    }
    const answer = await connection.ask(request)
    latencies.push(performance.now() - sentAt)
    check(run, place, answer)
    if (answer.closes) {
      connection.close()
      connection = null
    }
    if (pauseMilliseconds > 0) await sleep(pauseMilliseconds)
  }
  connection?.close()
}

/** Throws for anything but 200, and for the first answer to a request if it is not JSON with the member. */
function check({ slice, readInFull }: Run, place: number, { status, body }: HttpAnswer): void {
  if (status !== 200) {
    throw new Error(`status ${status}: ${body.toString('latin1', 0, SHOWN_CHARACTERS)}`)
  }
  if (readInFull.has(place)) return
  readInFull.add(place)
  const answer: unknown = JSON.parse(body.toString('utf8'))
  if (typeof answer !== 'object' || answer === null || !(slice.member in answer)) {
    throw new Error(`an answer lacks ${slice.member}`)
  }
}

process.on('message', (slice: Slice) => {
  void runSlice(slice)
    .then(
      (result): SliceReport => ({ result }),
      (error: unknown): SliceReport => ({ fault: error instanceof Error ? error.message : String(error) }),
    )
    .then((report) => process.send?.(report))
})
