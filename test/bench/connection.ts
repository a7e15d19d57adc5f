import type { Socket } from 'node:net'
import { connect } from 'node:net'
import type { HttpAnswer } from './http-answer.ts'
import { readAnswer } from './http-answer.ts'

/** A connection on which one request is under way at a time. */
export interface Connection {
  /** Sends a whole request as it is. Rejects where no whole answer comes. */
  ask(request: Uint8Array): Promise<HttpAnswer>
  close(): void
}

/** How long an answer may take: nobody's should, and the bench must end. */
const TIMEOUT_MILLISECONDS = 30_000

/** Opens a plain TCP connection; nothing between the socket and the caller costs more than reading the answer's head. */
export async function openConnection({
  host,
  port,
}: {
  readonly host: string
  readonly port: number
}): Promise<Connection> {
  const socket = await openSocket(host, port)
  let received: Buffer | null = null
  let waiting: PromiseWithResolvers<HttpAnswer> | null = null

  const fail = (error: Error): void => {
    socket.destroy()
    waiting?.reject(error)
  }
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the connection was closed before the answer')))
  socket.setTimeout(TIMEOUT_MILLISECONDS, () => fail(new Error('no answer in time')))
  socket.on('data', (chunk: Buffer) => {
    received = received ? Buffer.concat([received, chunk]) : chunk
    try {
      const answer = readAnswer(received)
      if (!answer) return
      received = null
      waiting?.resolve(answer)
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)))
    }
  })
  return {
    ask(request) {
      waiting = Promise.withResolvers<HttpAnswer>()
      socket.write(request)
      return waiting.promise
    },
    close: () => socket.destroy(),
  }
}

function openSocket(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}
