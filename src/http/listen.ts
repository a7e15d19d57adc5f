/**
 * The one file of this room that imports `@hono/node-server`. We rely on: `createAdaptorServer` makes a `node:http` server
 * that does not listen yet and keeps the options it is given; a body that an answer left unread is drained within half a
 * second. It replaces the global `Request` and `Response` by classes that are cheaper to make and otherwise the same.
 */
import { chmodSync, lstatSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { Server as HttpServer } from 'node:http'
import { connect } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { HttpError } from './errors.ts'
import type { WebApp } from './web.ts'

/** Where to listen: port 0 lets the system pick a free one. */
export type ListenTarget =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }

/** What one client may take up; times in milliseconds. */
export interface ConnectionLimits {
  readonly connections: number
  /** All headers of a request together. */
  readonly headerBytes: number
  /** From the opening of a connection, or from the first byte of a later request, to the end of its headers. */
  readonly headersTimeout: number
  /** The same to the end of the body. */
  readonly requestTimeout: number
  /** Between an answer and the next request. */
  readonly keepAliveTimeout: number
  /** Without a byte in either direction, such as a client that does not read its answer. */
  readonly idleTimeout: number
  /** How often the two request times are looked at. */
  readonly checkInterval: number
}

/** The limits unless others are given. */
export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = {
  connections: 512,
  headerBytes: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 30_000,
  idleTimeout: 60_000,
  checkInterval: 2_000,
}

/** A listener that answers. */
export interface Listening {
  /** `http://HOST:PORT`, or `unix:PATH`. */
  readonly url: string
  /** `null` for a Unix socket. */
  readonly port: number | null
  /**
   * Stops accepting, closes idle connections at once and busy ones after their answer; what is left after
   * `graceMilliseconds` is cut. Fulfils when no connection is left.
   */
  close(graceMilliseconds: number): Promise<void>
}

/**
 * Starts a listener and fulfils when it answers. Rejects with `HttpError`: `ADDRESS_IN_USE`, `ADDRESS_UNAVAILABLE`.
 * A Unix socket is open to its owner only; one that a process left behind is replaced.
 */
export async function listen(
  app: WebApp,
  target: ListenTarget,
  limits: ConnectionLimits = DEFAULT_CONNECTION_LIMITS,
): Promise<Listening> {
  const server = createServer(app, limits)
  if (target.kind === 'unix' && (await isAbandoned(target.path))) rmSync(target.path, { force: true })
  await startListening(server, target)
  const { url, port } = whereabouts(server, target)
  return { url, port, close: (graceMilliseconds) => drain(server, graceMilliseconds) }
}

function createServer(app: WebApp, limits: ConnectionLimits): Server {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersTimeout,
      requestTimeout: limits.requestTimeout,
      keepAliveTimeout: limits.keepAliveTimeout,
      connectionsCheckingInterval: limits.checkInterval,
    },
  })
  if (!(server instanceof HttpServer)) throw new TypeError('the adaptor made no HTTP/1.1 server')
  server.maxConnections = limits.connections
  server.timeout = limits.idleTimeout
  // The size is bounded above. A bound on the number would drop the headers beyond it without a word.
  server.maxHeadersCount = 0
  // A connection that cannot be accepted, for want of descriptors, is lost; the listener goes on.
  server.on('error', () => {})
  return server
}

function startListening(server: Server, target: ListenTarget): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error): void => reject(toListenError(error, target))
    server.once('error', refuse)
    server.listen(
      target.kind === 'unix' ? { path: target.path } : { host: target.host, port: target.port },
      () => {
        server.off('error', refuse)
        if (target.kind === 'unix') chmodSync(target.path, 0o600)
        resolve()
      },
    )
  })
}

function toListenError(error: Error, target: ListenTarget): HttpError {
  const where = target.kind === 'unix' ? `unix:${target.path}` : urlOf(target.host, target.port)
  const inUse = 'code' in error && error.code === 'EADDRINUSE'
  const code = inUse ? 'ADDRESS_IN_USE' : 'ADDRESS_UNAVAILABLE'
  return new HttpError(code, `cannot listen on ${where}: ${inUse ? 'it is in use' : error.message}`, {
    cause: error,
  })
}

function whereabouts(
  server: Server,
  target: ListenTarget,
): { readonly url: string; readonly port: number | null } {
  const address = server.address()
  if (target.kind === 'unix' || address === null || typeof address === 'string') {
    return { url: target.kind === 'unix' ? `unix:${target.path}` : '', port: null }
  }
  return { url: urlOf(target.host, address.port), port: address.port }
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** How often a closing server looks for connections whose answer is out. */
const DRAIN_INTERVAL_MILLISECONDS = 20

function drain(server: Server, graceMilliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), DRAIN_INTERVAL_MILLISECONDS)
    const cut = setTimeout(() => server.closeAllConnections(), graceMilliseconds)
    server.close(() => {
      clearInterval(sweep)
      clearTimeout(cut)
      resolve()
    })
    server.closeIdleConnections()
  })
}

/** Whether a path is that of a socket which nobody listens on any more. */
function isAbandoned(path: string): Promise<boolean> {
  // A plain file refuses connections, too, and is not ours to remove.
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSocket()) return Promise.resolve(false)
  return new Promise((resolve) => {
    const probe = connect({ path })
    probe.once('connect', () => {
      probe.destroy()
      resolve(false)
    })
    probe.once('error', (error) => resolve('code' in error && error.code === 'ECONNREFUSED'))
  })
}
