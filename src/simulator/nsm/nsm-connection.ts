import type { Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { concatBytes } from '../../core/bytes.ts'
import { readFirstItem } from './cbor-item.ts'
import { errorResponse } from './nsm-response.ts'
import { REQUEST_LIMIT } from './nsm-request.ts'

/** Who answers what comes over a connection. */
export interface NsmService {
  /** Request bytes to response bytes, as `SimulatedEnclave.respond`. */
  readonly respond: (request: Uint8Array) => Uint8Array
  /** Told of what `respond` throws, which is a fault of the program; the other end gets `InternalError`. */
  readonly onFault: (error: unknown) => void
}

/** How long the rest of what cannot be read is taken and thrown away, so that the answer before it arrives. */
const LINGER_MILLISECONDS = 1_000

/** What the bytes received so far begin with: a request, something behind which none can be found, or a part of one. */
type Beginning = { readonly request: Uint8Array; readonly last: boolean } | null

/**
 * Answers the requests of one connection, one CBOR item each, in turn and without anything between the answers. The
 * connection is closed once the other end has closed its half, or behind the answer to a request that is longer than
 * 4,096 bytes or no CBOR, since nobody knows where the next would begin. Never rejects.
 */
export async function serveConnection(socket: Socket, service: NsmService): Promise<void> {
  try {
    const rest = await answerRequests(socket, service)
    // The other end will send no more: what is left is the beginning of a request without its end.
    if (rest.length > 0) await send(socket, answer(service, rest))
    socket.end()
  } catch {
    // The other end is gone, or does not take its answer.
    socket.destroy()
  }
}

/** Fulfils with the bytes that belong to no whole request. */
async function answerRequests(socket: Socket, service: NsmService): Promise<Uint8Array> {
  let received: Uint8Array = new Uint8Array()
  // The answer to a request may still have to be written when the other half is closed.
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    // Without an encoding set, the chunks of a socket are buffers.
    received = concatBytes(received, chunk as Uint8Array)
    for (let next = beginningOf(received); next; next = beginningOf(received)) {
      await send(socket, answer(service, next.request))
      if (next.last) {
        discard(socket)
        return new Uint8Array()
      }
      received = received.subarray(next.request.length)
      // Whoever sends a thousand requests at once does not hold up the others.
      await nextTurn()
    }
  }
  return received
}

function beginningOf(received: Uint8Array): Beginning {
  // One byte more than the limit tells a request that is too long from one that has just arrived.
  const visible = received.subarray(0, REQUEST_LIMIT + 1)
  const first = readFirstItem(visible)
  if (first.outcome === 'item' && first.length <= REQUEST_LIMIT) {
    return { request: received.subarray(0, first.length), last: false }
  }
  if (first.outcome === 'incomplete' && visible.length <= REQUEST_LIMIT) return null
  return { request: first.outcome === 'malformed' ? visible.subarray(0, REQUEST_LIMIT) : visible, last: true }
}

function answer({ respond, onFault }: NsmService, request: Uint8Array): Uint8Array {
  try {
    return respond(request)
  } catch (error) {
    onFault(error)
    return errorResponse('InternalError')
  }
}

/** Fulfils when the bytes were handed to the system; rejects where the connection is gone. */
function send(socket: Socket, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(bytes, (error) => (error ? reject(error) : resolve()))
  })
}

function discard(socket: Socket): void {
  socket.resume()
  const cut = setTimeout(() => socket.destroy(), LINGER_MILLISECONDS)
  socket.once('close', () => clearTimeout(cut))
}
