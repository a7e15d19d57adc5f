import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect } from 'node:net'

/** A bare connection: what a client that follows no rules can do. */
export interface RawClient {
  readonly socket: Socket
  readonly send: (text: string) => void
  /** Everything received so far. */
  readonly received: () => string
  /** Fulfils with everything received once the other end has closed. */
  readonly closed: () => Promise<string>
}

/** Connects to a TCP port of this machine, or to a Unix socket. */
export async function connectRaw(target: { port: number } | { path: string }): Promise<RawClient> {
  const socket = connect('port' in target ? { ...target, host: '127.0.0.1' } : target)
  let text = ''
  const end = new Promise<string>((resolve) => socket.once('close', () => resolve(text)))
  socket.on('data', (chunk) => (text += chunk.toString('latin1')))
  // A reset is one way for the other end to close.
  socket.on('error', () => {})
  await once(socket, 'connect')
  return { socket, send: (part) => socket.write(part, 'latin1'), received: () => text, closed: () => end }
}

/** A request as text; `headers` are written as given. */
export function rawRequest(headers: readonly (readonly [string, string])[], body: string): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return `POST / HTTP/1.1\r\n${lines}\r\n${body}`
}
