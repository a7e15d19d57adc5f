import { execFileSync, execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import type { ConnectionLimits, Listening, ListenTarget } from '../../src/http/listen.ts'
import { DEFAULT_CONNECTION_LIMITS, listen } from '../../src/http/listen.ts'
import type { WebApp } from '../../src/http/web.ts'
import { LAB_ACCESS_KEY } from '../../src/identity/lab-identity.ts'
import { connectRaw, rawRequest } from './a-socket.ts'
import { makeKmsApp, signedHeaders } from './an-app.ts'

const ANY_PORT: ListenTarget = { kind: 'tcp', host: '127.0.0.1', port: 0 }
const open: Listening[] = []

async function start(
  app: WebApp,
  limits: Partial<ConnectionLimits> = {},
  target = ANY_PORT,
): Promise<Listening & { port: number }> {
  const listening = await listen(app, target, { ...DEFAULT_CONNECTION_LIMITS, ...limits })
  open.push(listening)
  return { ...listening, port: listening.port ?? 0 }
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((listening) => listening.close(0)))
})

async function signedFor(port: number, body: string): Promise<[string, string][]> {
  const headers = await signedHeaders({ host: `127.0.0.1:${port}`, body })
  return [...Object.entries(headers), ['content-length', `${Buffer.byteLength(body)}`]]
}

describe('listen', () => {
  it('answers on a free port, and says which', async () => {
    const { url, port } = await start(makeKmsApp().app)
    expect(url).toBe(`http://127.0.0.1:${port}`)
    const headers = await signedHeaders({ host: `127.0.0.1:${port}` })
    const answer = await fetch(url, { method: 'POST', headers, body: '{}' })
    expect([answer.status, await answer.text()]).toEqual([200, '{}'])
  })

  it('answers on ::1 under a URL with brackets', async () => {
    const { url } = await start(makeKmsApp().app, {}, { kind: 'tcp', host: '::1', port: 0 })
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/)
    expect((await fetch(`${url}/health`)).status).toBe(200)
  })

  it('refuses a port that is taken with ADDRESS_IN_USE', async () => {
    const { port } = await start(makeKmsApp().app)
    await expect(listen(makeKmsApp().app, { kind: 'tcp', host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'ADDRESS_IN_USE',
      message: `cannot listen on http://127.0.0.1:${port}: it is in use`,
    })
  })

  it('refuses an address of another machine with ADDRESS_UNAVAILABLE', async () => {
    await expect(listen(makeKmsApp().app, { kind: 'tcp', host: '192.0.2.1', port: 0 })).rejects.toMatchObject(
      {
        code: 'ADDRESS_UNAVAILABLE',
      },
    )
  })

  it('listens on a Unix socket for its owner only, replaces an abandoned one, and leaves a living one alone', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'listen-'))
    try {
      const path = join(directory, 'admin.sock')
      abandonSocket(path)
      const listening = await start(makeKmsApp().app, {}, { kind: 'unix', path })
      expect([listening.url, statSync(path).mode & 0o777]).toEqual([`unix:${path}`, 0o600])
      const client = await connectRaw({ path })
      client.send('GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
      expect(await client.closed()).toContain('200 OK')
      await expect(listen(makeKmsApp().app, { kind: 'unix', path })).rejects.toMatchObject({
        code: 'ADDRESS_IN_USE',
      })
    } finally {
      rmSync(directory, { recursive: true })
    }
  })

  it('does not remove a file that is no socket', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'listen-'))
    try {
      const path = join(directory, 'file')
      writeFileSync(path, 'precious')
      await expect(listen(makeKmsApp().app, { kind: 'unix', path })).rejects.toMatchObject({
        code: 'ADDRESS_IN_USE',
      })
      expect(existsSync(path)).toBe(true)
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})

/** Makes what a killed process leaves behind: a socket that nobody listens on. */
function abandonSocket(path: string): void {
  const code = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
  try {
    execFileSync(process.execPath, ['-e', code], { stdio: 'ignore' })
  } catch {
    // Killed, as it was meant to be.
  }
  expect(existsSync(path)).toBe(true)
}

describe('a listener, on the wire', () => {
  it('takes header names in any case, and spaces inside a signed value', async () => {
    const { port } = await start(makeKmsApp().app)
    const headers = await signedHeaders({ host: `127.0.0.1:${port}`, headers: { 'x-note': 'two  spaces' } })
    const shouted = Object.entries(headers).map(([name, value]): [string, string] => [
      name.toUpperCase(),
      value,
    ])
    const client = await connectRaw({ port })
    client.send(rawRequest([...shouted, ['CONTENT-LENGTH', '2'], ['CONNECTION', 'close']], '{}'))
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  })

  it('joins a signed header that comes twice by a comma, and so refuses a doubled target', async () => {
    const { port } = await start(makeKmsApp().app)
    const twice = await signedHeaders({ host: `127.0.0.1:${port}`, headers: { 'x-note': 'a,b' } })
    const { 'x-note': _joined, ...others } = twice
    const notes: [string, string][] = [
      ['x-note', 'a'],
      ['x-note', 'b'],
      ['content-length', '2'],
      ['connection', 'close'],
    ]
    const client = await connectRaw({ port })
    client.send(rawRequest([...Object.entries(others), ...notes], '{}'))
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    const doubled = await connectRaw({ port })
    const target: [string, string] = ['x-amz-target', 'TrentService.Echo']
    doubled.send(rawRequest([...Object.entries(others), target, ...notes], '{}'))
    expect(await doubled.closed()).toContain('{"__type":"UnknownOperationException"}')
  })

  it('refuses a body that is announced as too long before any of it came', async () => {
    const { port } = await start(makeKmsApp().app)
    const headers = await signedFor(port, '{}')
    const announced = headers.map(([name, value]): [string, string] =>
      name === 'content-length' ? [name, `${1024 * 1024 + 1}`] : [name, value],
    )
    const client = await connectRaw({ port })
    client.send(rawRequest(announced, ''))
    await expect.poll(client.received).toContain('413 Payload Too Large')
    expect(client.received()).toContain('RequestEntityTooLargeException')
    client.socket.destroy()
  })

  it('refuses a body that turns out too long while it comes in pieces without an announced length', async () => {
    const { port } = await start(makeKmsApp().app)
    const headers = (await signedFor(port, '{}')).filter(([name]) => name !== 'content-length')
    const client = await connectRaw({ port })
    client.send(rawRequest([...headers, ['transfer-encoding', 'chunked']], ''))
    const chunk = `10000\r\n${'x'.repeat(0x1_0000)}\r\n`
    for (let sent = 0; sent < 17; sent++) client.send(chunk)
    await expect.poll(client.received).toContain('RequestEntityTooLargeException')
    client.socket.destroy()
  })

  it('ends a request whose sender went away in the middle of its body, with BODY_INCOMPLETE in the log', async () => {
    const { app, lines } = makeKmsApp()
    const { port } = await start(app)
    const client = await connectRaw({ port })
    client.send(rawRequest(await signedFor(port, '{"a":"long"}'), '{"a"'))
    client.socket.end(() => client.socket.destroy())
    await expect.poll(() => lines.map((line) => line['check'])).toEqual(['BODY_INCOMPLETE'])
  })

  it('refuses headers over the limit with 431', async () => {
    const { port } = await start(makeKmsApp().app, { headerBytes: 2048 })
    const client = await connectRaw({ port })
    client.send(
      rawRequest(
        [
          ['host', 'localhost'],
          ['x-long', 'x'.repeat(4096)],
        ],
        '',
      ),
    )
    expect(await client.closed()).toMatch(/^HTTP\/1\.1 431 /)
  })

  const STALLING = [
    { title: 'says nothing', text: '' },
    { title: 'never ends its headers', text: 'POST / HTTP/1.1\r\nhost: localhost\r\nx-slow' },
    {
      title: 'never ends its body',
      text: 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\nx',
    },
  ]
  it.each(STALLING)('closes a connection that $title', async ({ text }) => {
    const limits = { headersTimeout: 100, requestTimeout: 100, checkInterval: 20 }
    const { port } = await start(makeKmsApp().app, limits)
    const client = await connectRaw({ port })
    client.send(text)
    expect(await client.closed()).not.toContain('200 OK')
  })

  it('closes a connection that is idle after an answer', async () => {
    const { port } = await start(makeKmsApp().app, { keepAliveTimeout: 50 })
    const client = await connectRaw({ port })
    client.send('GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n')
    expect(await client.closed()).toContain('200 OK')
  })

  it('closes connections beyond the number allowed', async () => {
    const { port } = await start(makeKmsApp().app, { connections: 1 })
    const first = await connectRaw({ port })
    const second = await connectRaw({ port })
    expect(await second.closed()).toBe('')
    first.send('GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n')
    expect(await first.closed()).toContain('200 OK')
  })
})

describe('close', () => {
  /** An app whose operation waits until it is told to go on. */
  function waitingApp(): { app: WebApp; goOn: () => void; started: () => boolean } {
    let go: (() => void) | undefined
    const gate = new Promise<void>((resolve) => (go = resolve))
    let started = false
    const { app } = makeKmsApp({
      operations: new Map([
        [
          'Echo',
          async () => {
            started = true
            await gate
            return { body: {}, warnings: [] }
          },
        ],
      ]),
    })
    return { app, goOn: () => go?.(), started: () => started }
  }

  it('lets a call under way finish, closes idle connections at once, and accepts nothing new', async () => {
    const { app, goOn, started } = waitingApp()
    const listening = await start(app)
    const idle = await connectRaw({ port: listening.port })
    idle.send('GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await expect.poll(idle.received).toContain('200 OK')
    const busy = await connectRaw({ port: listening.port })
    busy.send(rawRequest(await signedFor(listening.port, '{}'), '{}'))
    await expect.poll(started).toBe(true)
    const closing = listening.close(20_000)
    await idle.closed()
    await expect(fetch(`${listening.url}/health`)).rejects.toThrow('fetch failed')
    goOn()
    expect(await busy.closed()).toContain('200 OK')
    await closing
  })

  it('cuts a call that is not done when the time is over', async () => {
    const { app, started, goOn } = waitingApp()
    const listening = await start(app)
    const busy = await connectRaw({ port: listening.port })
    busy.send(rawRequest(await signedFor(listening.port, '{}'), '{}'))
    await expect.poll(started).toBe(true)
    await listening.close(50)
    expect(await busy.closed()).toBe('')
    goOn()
  })
})

const curl = curlWithSigV4()

describe.skipIf(curl === undefined)(
  `curl --aws-sigv4${curl === undefined ? ' (no such curl here)' : ''}`,
  () => {
    it('is answered when it signs, and refused when its secret is wrong', async () => {
      const { app } = makeKmsApp({ clock: systemClock })
      const { url } = await start(app)
      const ask = async (secret: string): Promise<unknown> => {
        const { stdout } = await promisify(execFile)('curl', [
          '--silent',
          '--aws-sigv4',
          'aws:amz:us-east-1:kms',
          '--user',
          `${LAB_ACCESS_KEY.accessKeyId}:${secret}`,
          '--header',
          'X-Amz-Target: TrentService.Echo',
          '--header',
          'Content-Type: application/x-amz-json-1.1',
          '--data',
          '{"Description":"grün"}',
          url,
        ])
        return JSON.parse(stdout)
      }
      expect(await ask(LAB_ACCESS_KEY.secretAccessKey)).toEqual({ Description: 'grün' })
      expect(await ask('wrong')).toMatchObject({ __type: 'InvalidSignatureException' })
    })
  },
)

/** The version of a curl that signs; older ones know the option, but leave `x-amz-target` unsigned. */
function curlWithSigV4(): string | undefined {
  try {
    const [, version = '', major = 0, minor = 0] =
      /^curl ((\d+)\.(\d+)\S*)/.exec(execFileSync('curl', ['--version'], { encoding: 'utf8' })) ?? []
    return Number(major) * 1000 + Number(minor) >= 7088 ? version : undefined
  } catch {
    return undefined
  }
}
