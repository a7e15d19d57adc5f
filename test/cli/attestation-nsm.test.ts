import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode, encode } from 'cborg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import { codeFromVerifier } from '../simulator/code-from-verifier.ts'
import { readDocument } from '../simulator/read-document.ts'
import type { RunningProgram } from '../support/a-process.ts'
import { startProgram } from '../support/a-process.ts'
import { runCli } from '../support/run-cli.ts'

let folder: string
let path: string
let running: RunningProgram | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-nsm-'))
  path = join(folder, 'nsm.sock')
})
afterEach(() => {
  running?.child.kill('SIGKILL')
  running = undefined
  rmSync(folder, { recursive: true })
})

async function start(args: readonly string[], env: Record<string, string> = {}): Promise<RunningProgram> {
  running = await startProgram(['attestation', 'nsm', ...args], env)
  return running
}

async function ask(request: unknown): Promise<unknown> {
  const socket = connect({ path })
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.end(encode(request))
  await once(socket, 'close')
  return decode(new Uint8Array(Buffer.concat(chunks)))
}

async function documentFrom(fields: object): Promise<Uint8Array> {
  const response = (await ask({ Attestation: fields })) as { Attestation: { document: Uint8Array } }
  return response.Attestation.document
}

describe('attestation nsm', () => {
  it('is the module that its flags describe: documents of the present time below the root of the seed', async () => {
    const pcr0 = '07'.repeat(48)
    const instance = ['--instance-id', 'i-0123456789abcdef0', '--region', 'eu-west-1']
    const { ready } = await start([
      '--listen',
      `unix:${path}`,
      '--seed',
      'command line',
      '--pcr',
      `0=${pcr0}`,
      ...instance,
    ])
    expect(ready).toEqual({
      event: 'ready',
      nsm: `unix:${path}`,
      moduleId: expect.stringMatching(/^i-0123456789abcdef0-enc[0-9a-f]{16}$/),
      instanceId: 'i-0123456789abcdef0',
      region: 'eu-west-1',
      debug: false,
    })
    const document = await documentFrom({ nonce: Uint8Array.of(1, 2) })
    const roots = [createLabPki({ seed: 'command line' }).rootCertificate]
    expect(await codeFromVerifier({ document, now: new Date(), roots })).toBeNull()
    const { fields, pcrs } = readDocument(document)
    expect(fields.get('module_id')).toBe(ready['moduleId'])
    expect(Buffer.from(pcrs.get(0) ?? '').toString('hex')).toBe(pcr0)
  })

  it('takes its flags from the environment', async () => {
    const { ready } = await start([], {
      ATTESTED_KMS_LISTEN: `unix:${path}`,
      ATTESTED_KMS_SEED: 'x',
      ATTESTED_KMS_DEBUG: '1',
      ATTESTED_KMS_REGION: 'eu-west-2',
    })
    expect(ready).toMatchObject({ nsm: `unix:${path}`, debug: true, region: 'eu-west-2' })
  })

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends with status 0 and without its socket at %s',
    async (signal) => {
      const { stop } = await start(['--listen', `unix:${path}`, '--seed', 'x'])
      const client = connect({ path })
      await once(client, 'connect')
      const closed = once(client, 'close')
      expect(await stop(signal)).toEqual({ status: 0, lines: 1 })
      await closed
      expect(existsSync(path)).toBe(false)
    },
  )

  it('uses the lab of a service, from its data directory', async () => {
    writeFileSync(join(folder, 'lab-seed'), 'of a service\n')
    await start(['--listen', `unix:${path}`, '--lab-root', folder])
    const roots = [createLabPki({ seed: 'of a service' }).rootCertificate]
    expect(await codeFromVerifier({ document: await documentFrom({}), now: new Date(), roots })).toBeNull()
  })

  it.each([
    ['no socket', () => ['--seed', 'x'], '--listen'],
    ['a TCP address', () => ['--seed', 'x', '--listen', '127.0.0.1:4599'], 'unix:PATH'],
    ['a bare path', () => ['--seed', 'x', '--listen', path], 'unix:PATH'],
    ['an empty path', () => ['--seed', 'x', '--listen', 'unix:'], '--listen'],
    ['no lab', () => ['--listen', `unix:${path}`], '--seed'],
    ['two labs', () => ['--listen', `unix:${path}`, '--seed', 'x', '--lab-root', folder], '--seed'],
    ['an empty seed', () => ['--listen', `unix:${path}`, '--seed', ''], 'seed'],
    ['an unknown Region', () => ['--listen', `unix:${path}`, '--seed', 'x', '--region', 'nowhere'], 'Region'],
    ['an unknown fault', () => ['--listen', `unix:${path}`, '--seed', 'x', '--fault', 'none'], 'fault'],
    ['PCR16', () => ['--listen', `unix:${path}`, '--seed', 'x', '--pcr', `16=${'00'.repeat(48)}`], 'PCR15'],
    [
      'a shape of no year',
      () => ['--listen', `unix:${path}`, '--seed', 'x', '--profile', '2020'],
      '--profile',
    ],
    [
      'a path too long',
      () => ['--listen', `unix:${join(folder, 'x'.repeat(200))}`, '--seed', 'x'],
      'too long',
    ],
    [
      'a file that is no socket',
      () => ['--listen', `unix:${import.meta.filename}`, '--seed', 'x'],
      'no socket',
    ],
    [
      'a nonce, which the program brings',
      () => ['--listen', `unix:${path}`, '--seed', 'x', '--nonce', 'x'],
      '--nonce',
    ],
  ])('ends with status 2 for %s', async (_, args, said) => {
    const { status, stdout, stderr } = await runCli(['attestation', 'nsm', ...args()])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(said)
    expect(existsSync(path)).toBe(false)
  })

  it('ends with status 3 where another module answers, and where no socket can be made', async () => {
    await start(['--listen', `unix:${path}`, '--seed', 'x'])
    for (const taken of [path, join(folder, 'nowhere', 'nsm.sock')]) {
      const { status, stderr } = await runCli([
        'attestation',
        'nsm',
        '--listen',
        `unix:${taken}`,
        '--seed',
        'x',
      ])
      expect([status, stderr]).toEqual([3, expect.stringContaining('cannot listen')])
    }
    expect(await ask('GetRandom')).toHaveProperty('GetRandom')
  })
})
