import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { CommandIo } from '../../src/cli/command.ts'
import { addExplain } from '../../src/cli/explain.ts'
import { runProgram } from '../../src/cli/program.ts'
import { systemClock } from '../../src/core/clock.ts'
import { aDecisionRecord } from '../support/a-decision-record.ts'

const TOKEN = 'token-of-the-admin-listener'
const record = aDecisionRecord()
const cleanUp: (() => void)[] = []
afterEach(() => {
  for (const undo of cleanUp.splice(0)) undo()
})

function dataDirectory(token: string | null = TOKEN, mode = 0o600): string {
  const directory = mkdtempSync(join(tmpdir(), 'attested-kms-'))
  cleanUp.push(() => rmSync(directory, { recursive: true }))
  if (token !== null) {
    const path = join(directory, 'admin-token')
    writeFileSync(path, `${token}\n`)
    chmodSync(path, mode)
  }
  return directory
}

const answerAsService = (request: IncomingMessage, response: ServerResponse): void => {
  const known = request.url === `/decisions/${record.requestId}`
  const answered = aDecisionRecord({
    result: { outcome: 'answered', error: null, message: null, reason: null },
  })
  const latest = request.url === '/decisions?limit=100' ? [answered, record] : undefined
  if (request.headers.authorization !== `Bearer ${TOKEN}`) response.writeHead(401).end('{}')
  else if (known) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(record))
  else if (latest) response.writeHead(200).end(JSON.stringify({ decisions: latest }))
  else response.writeHead(404).end('{}')
}

/** Starts a listener at a free port, or at a Unix socket; answers what `--admin` takes. */
async function listen(answer = answerAsService, socket?: string): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => {
    if (socket === undefined) server.listen(0, '127.0.0.1', resolve)
    else server.listen(socket, resolve)
  })
  cleanUp.push(() => server.close())
  const address = server.address()
  if (typeof address === 'string' || address === null) return `unix:${address ?? ''}`
  return `http://127.0.0.1:${address.port}`
}

async function run(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ status: number; out: string; err: string }> {
  let [out, err] = ['', '']
  const io: CommandIo = {
    write: (output) => void (out += String(output)),
    warn: (line) => void (err += `${line}\n`),
    readStdin: () => Promise.resolve(new Uint8Array()),
    env,
    clock: systemClock,
  }
  return { status: await runProgram(['explain', ...args], { top: [addExplain], groups: [] }, io), out, err }
}

describe('explain', () => {
  it('prints the decision of a request and ends with 0', async () => {
    const { status, out } = await run([
      record.requestId,
      '--admin',
      await listen(),
      '--data',
      dataDirectory(),
    ])
    expect(status).toBe(0)
    expect(out).toMatch(/expected +"ab"\n +actual +"cd"/)
  })

  it('prints the request that was refused last where no id is given', async () => {
    const { status, out } = await run(['--admin', await listen(), '--data', dataDirectory(), '--json'])
    expect(status).toBe(0)
    expect(JSON.parse(out)).toEqual(record)
  })

  it('ends with 1 where none was refused', async () => {
    const admin = await listen((_, response) => response.writeHead(200).end('{"decisions":[]}'))
    const { status, err } = await run(['--admin', admin, '--data', dataDirectory()])
    expect(status).toBe(1)
    expect(err).toContain('none of the last 100 requests was refused')
  })

  it('prints the record with --json', async () => {
    const { out } = await run([
      record.requestId,
      '--admin',
      await listen(),
      '--data',
      dataDirectory(),
      '--json',
    ])
    expect(JSON.parse(out)).toEqual(record)
  })

  it('takes its flags from the environment', async () => {
    const env = {
      ATTESTED_KMS_ADMIN: await listen(),
      ATTESTED_KMS_DATA: dataDirectory(),
      ATTESTED_KMS_JSON: '1',
    }
    const { status, out } = await run([record.requestId], env)
    expect(status).toBe(0)
    expect(JSON.parse(out)).toEqual(record)
  })

  it.skipIf(process.platform === 'win32')('asks at a Unix socket', async () => {
    const directory = dataDirectory()
    const admin = await listen(answerAsService, join(directory, 'admin.sock'))
    expect((await run([record.requestId, '--admin', admin, '--data', directory])).status).toBe(0)
  })

  it('ends with 1 for an unknown request id, whatever its characters', async () => {
    const [admin, data] = [await listen(), dataDirectory()]
    for (const id of ['unknown', '../health', 'a b?c#d']) {
      const { status, err } = await run([id, '--admin', admin, '--data', data])
      expect(status).toBe(1)
      expect(err).toContain('no decision')
    }
  })

  it('ends with 3 where nothing answers, and says so, with a token or without', async () => {
    for (const token of [TOKEN, null]) {
      const { status, err } = await run([
        'x',
        '--admin',
        'http://127.0.0.1:9',
        '--data',
        dataDirectory(token),
      ])
      expect(status).toBe(3)
      expect(err).toContain('no service answers at http://127.0.0.1:9')
    }
  })

  it.each([
    ['another token', 'other', 0o600],
    ['no token', null, 0o600],
    ['a token that others can read', TOKEN, 0o644],
  ] as const)('ends with 2 for %s, without showing it', async (_, token, mode) => {
    const { status, err } = await run(['x', '--admin', await listen(), '--data', dataDirectory(token, mode)])
    expect(status).toBe(2)
    expect(err).toContain('token')
    expect(err).not.toContain(TOKEN)
  })

  it.each([
    'https://127.0.0.1:1',
    'http://example.com',
    'http://127.0.0.1:1/x',
    '127.0.0.1:4600',
    'http://127.evil.com',
  ])('ends with 2 for --admin %s, and sends the token nowhere', async (admin) => {
    const { status, err } = await run(['x', '--admin', admin, '--data', dataDirectory()])
    expect(status).toBe(2)
    expect(err).toContain('loopback')
  })

  it.each([
    ['no JSON', 'hello'],
    ['other JSON', '[]'],
  ])('ends with 3 where something else answers: %s', async (_, body) => {
    const admin = await listen((_request, response) => response.end(body))
    const { status, err } = await run(['x', '--admin', admin, '--data', dataDirectory()])
    expect(status).toBe(3)
    expect(err).toContain('no attested-kms admin listener')
  })

  it('ends with 3 where the connection breaks', async () => {
    const admin = await listen((request) => void request.socket.destroy())
    expect((await run(['x', '--admin', admin, '--data', dataDirectory()])).status).toBe(3)
  })

  it('ends with 2 for two request ids', async () => {
    expect((await run(['a', 'b'])).status).toBe(2)
  })
})
