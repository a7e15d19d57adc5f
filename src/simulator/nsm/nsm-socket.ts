import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createServer } from 'node:net'
import type { NsmService } from './nsm-connection.ts'
import { serveConnection } from './nsm-connection.ts'
import { listenOnSocketFile } from './socket-file.ts'

/** What one user of the socket may take up. */
export interface NsmSocketLimits {
  /** How many connections may be open; one more is closed at once. */
  readonly connections: number
  /** Without a byte in either direction, in milliseconds. */
  readonly idleMilliseconds: number
}

/** A module that answers on a Unix socket. */
export interface NsmSocket {
  /** `unix:PATH`, the path from the root of the file system. */
  readonly url: string
  /**
   * Removes the socket file and closes every connection once its answers are out; what is left after
   * `graceMilliseconds` is cut. Fulfils when no connection is left.
   */
  close(graceMilliseconds: number): Promise<void>
}

/** The limits unless others are given. A program may keep its connection as it would keep `/dev/nsm` open. */
const DEFAULT_NSM_SOCKET_LIMITS: NsmSocketLimits = { connections: 64, idleMilliseconds: 600_000 }

/**
 * Lets programs talk to a simulated module over a Unix socket of mode 0600: for each request, one CBOR item, one
 * response, one CBOR item, as the ioctl of `/dev/nsm` exchanges them. Rejects with `SimulatorError` as
 * `listenOnSocketFile`.
 */
export async function openNsmSocket(
  path: string,
  service: NsmService,
  limits: NsmSocketLimits = DEFAULT_NSM_SOCKET_LIMITS,
): Promise<NsmSocket> {
  const connections = new Set<Socket>()
  // Half-open: who has sent its request and closed its half still gets the answer.
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
    socket.setTimeout(limits.idleMilliseconds, () => socket.destroy())
    // The loop over the connection hears of errors, too; without a listener they would end the process.
    socket.on('error', () => {})
    void serveConnection(socket, service)
  })
  server.maxConnections = limits.connections
  const file = await listenOnSocketFile(server, path)
  // A connection that cannot be accepted, for want of descriptors, is lost; the module goes on.
  server.on('error', () => {})
  return {
    url: `unix:${file.path}`,
    async close(graceMilliseconds) {
      file.remove()
      const closed = once(server, 'close')
      server.close()
      for (const socket of connections) socket.destroySoon()
      const cut = setTimeout(() => connections.forEach((socket) => socket.destroy()), graceMilliseconds)
      await closed
      clearTimeout(cut)
    },
  }
}
