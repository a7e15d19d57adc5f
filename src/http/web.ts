/**
 * The one file of this room that imports `hono`. We rely on: routing by method and path, a handler that may answer any
 * `Response`, `app.request` in tests, and the `incoming` message that `@hono/node-server` puts into the environment.
 */
import type { IncomingMessage } from 'node:http'
import type { Context } from 'hono'
import { Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { HttpError } from './errors.ts'

interface WebEnvironment {
  readonly Bindings: { readonly incoming?: IncomingMessage }
}

/** An application as listeners and tests use it: `fetch` for the one, `request` for the other. */
export type WebApp = Pick<Hono<WebEnvironment>, 'fetch' | 'request'>

/** A request as handlers see it. */
export interface WebRequest {
  readonly method: string
  readonly path: string
  /** Behind the `?`; the empty text for a bare `?`, `null` where there is none. */
  readonly query: string | null
  /** The address of the other end; the empty text where the transport has none. */
  readonly sourceAddress: string
  /** Whether it came over TLS. */
  readonly isSecure: boolean
  /**
   * The value of a header, its bytes as Latin-1; `null` where it is absent. `name` is in lower case. Fields that came
   * more than once are joined by a comma, as SigV4 wants them.
   */
  readonly header: (name: string) => string | null
  /** What stood in place of `:name` in the path of the route. */
  parameter(name: string): string
  /**
   * Reads the body. Rejects with `HttpError`: `BODY_TOO_LARGE` as soon as it is known to be longer than `limitBytes`,
   * `BODY_INCOMPLETE` if the other end went away.
   */
  readBody(limitBytes: number): Promise<Uint8Array>
}

/** The part of a request that most checks need. */
export type RequestHead = Pick<WebRequest, 'header'>

/** An answer: the body as text, and every header but those that the transport adds. */
export interface WebAnswer {
  readonly status: ContentfulStatusCode
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** Answers one request. It may not throw: what it throws is answered with an empty 500. */
export type WebHandler = (request: WebRequest) => Promise<WebAnswer> | WebAnswer

/** A handler and what it answers to. `HEAD` is answered as `GET` without the body. */
export interface WebRoute {
  readonly method: 'GET' | 'POST'
  /** A path; a part that begins with a colon takes anything but a slash. */
  readonly path: string
  readonly handler: WebHandler
}

/** Makes an application of routes, and of a handler for everything else. */
export function createWebApp(routes: readonly WebRoute[], otherwise: WebHandler): WebApp {
  const app = new Hono<WebEnvironment>()
  const answerBy = (handler: WebHandler) => async (c: Context<WebEnvironment>) => {
    const { status, body, headers } = await handler(toWebRequest(c))
    // `c.body` would copy the headers into a `Headers` object first, at a sixth of the cost of a whole request.
    return new Response(body, { status, headers })
  }
  for (const { method, path, handler } of routes) app.on(method, path, answerBy(handler))
  app.notFound(answerBy(otherwise))
  app.onError((_error, c) => c.body('', 500))
  return app
}

function toWebRequest(c: Context<WebEnvironment>): WebRequest {
  // Hono's types promise an environment; `app.request` gives none.
  const incoming = (c.env as WebEnvironment['Bindings'] | undefined)?.incoming
  const { raw } = c.req
  const queryAt = raw.url.indexOf('?')
  const header = (name: string): string | null =>
    incoming ? rawHeader(incoming.rawHeaders, name) : raw.headers.get(name)
  return {
    method: raw.method,
    path: c.req.path,
    query: queryAt < 0 ? null : raw.url.slice(queryAt + 1),
    sourceAddress: incoming?.socket.remoteAddress ?? '',
    isSecure: incoming !== undefined && 'encrypted' in incoming.socket,
    header,
    parameter: (name) => c.req.param(name) ?? '',
    readBody: (limitBytes) => readBody(raw, header('content-length'), limitBytes),
  }
}

/** Names and values take turns in what Node received; going through it costs less than the object made of it. */
function rawHeader(fields: readonly string[], name: string): string | null {
  let joined: string | null = null
  for (let at = 0; at < fields.length; at += 2) {
    const field = fields[at] ?? ''
    if (field.length !== name.length || field.toLowerCase() !== name) continue
    const value = fields[at + 1] ?? ''
    joined = joined === null ? value : `${joined},${value}`
  }
  return joined
}

async function readBody(raw: Request, contentLength: string | null, limitBytes: number): Promise<Uint8Array> {
  if (contentLength !== null && !(Number(contentLength) <= limitBytes)) throw bodyTooLarge(limitBytes)
  try {
    // Node's parser holds a body to its content-length, so one that is announced as short enough may be read at once.
    if (contentLength !== null) return new Uint8Array(await raw.arrayBuffer())
    return await readStream(raw, limitBytes)
  } catch (error) {
    if (error instanceof HttpError) throw error
    throw new HttpError('BODY_INCOMPLETE', null, { cause: error })
  }
}

async function readStream(raw: Request, limitBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  // What a request's body yields is bytes; the types of the DOM and of Node disagree about saying so.
  const stream = raw.body as AsyncIterable<Uint8Array> | null
  for await (const chunk of stream ?? []) {
    length += chunk.length
    if (length > limitBytes) throw bodyTooLarge(limitBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function bodyTooLarge(limitBytes: number): HttpError {
  return new HttpError('BODY_TOO_LARGE', `The request body must be no longer than ${limitBytes} bytes.`)
}
