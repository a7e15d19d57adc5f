import { request } from 'node:http'
import type { IncomingMessage, RequestOptions } from 'node:http'
import { concatBytes } from '../core/bytes.ts'
import { UsageError } from './command.ts'

/** What the admin listener answered. */
export interface AdminAnswer {
  readonly status: number
  /** As UTF-8. */
  readonly body: string
}

const TIMEOUT_MILLISECONDS = 10_000
const BODY_LIMIT_BYTES = 16 * 1024 * 1024

/**
 * Gets a page of the admin listener at `http://HOST:PORT`, loopback only because the token goes along in clear, or at
 * `unix:PATH`. Throws `UsageError` for another address; rejects with an `Error` that says so where nothing answers.
 */
export async function requestAdmin(
  address: string,
  path: string,
  token: string | undefined,
): Promise<AdminAnswer> {
  const options = {
    ...toDestination(address),
    path,
    headers: { host: toHost(address), ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
  }
  try {
    return await send(options)
  } catch (cause) {
    throw new Error(`no service answers at ${address}; --admin names its admin listener`, { cause })
  }
}

function toDestination(address: string): RequestOptions {
  if (address.startsWith('unix:')) return { socketPath: address.slice('unix:'.length) }
  const url = URL.parse(address)
  if (url?.protocol !== 'http:' || url.pathname !== '/' || !isLoopback(url.hostname)) {
    throw new UsageError('--admin takes http://HOST:PORT with a loopback address, or unix:PATH')
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? 80 : Number(url.port) }
}

/** A Unix socket has no name; the listener takes this one. */
function toHost(address: string): string {
  return URL.parse(address)?.host || 'localhost'
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

function send(options: RequestOptions): Promise<AdminAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<AdminAnswer>()
  const sent = request(options, (response) => {
    readBody(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject)
  })
  sent.on('error', reject)
  sent.end()
  return promise
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response) {
    // Without an encoding set, chunks are Buffers.
    const bytes = chunk as Uint8Array
    length += bytes.length
    if (length > BODY_LIMIT_BYTES) throw new RangeError('the answer is too long')
    chunks.push(bytes)
  }
  return new TextDecoder().decode(concatBytes(...chunks))
}
