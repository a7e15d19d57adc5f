import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listenForReload } from '../../src/cli/reload-signal.ts'
import { startProgram } from '../support/a-process.ts'

describe.skipIf(process.platform === 'win32')('SIGHUP (not on Windows, which has no such signal)', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'attested-kms-sighup-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const seed = (id: string): string =>
    JSON.stringify({
      accounts: {
        '111122223333': {
          users: {
            alice: {
              accessKeys: [{ id, secret: 'the-secret' }],
              policies: [{ Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }] }],
            },
          },
        },
      },
    })

  it('makes serve read its seed file again, and does not end it', async () => {
    const seedFile = join(folder, 'seed.json')
    writeFileSync(seedFile, seed('AKIAFIRST00000000000'))
    const places = ['--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0', '--data', join(folder, 'data')]
    const program = await startProgram(['serve', '--seed-file', seedFile, ...places])
    const outcome = async (accessKeyId: string): Promise<string> => {
      const credentials = { accessKeyId, secretAccessKey: 'the-secret' }
      const endpoint = String(program.ready['kms'])
      const kms = new KMSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 })
      return kms.send(new ListKeysCommand({})).then(
        () => 'ok',
        (error: Error) => error.name,
      )
    }
    expect(await outcome('AKIAFIRST00000000000')).toBe('ok')
    writeFileSync(seedFile, seed('AKIASECOND0000000000'))
    program.child.kill('SIGHUP')
    while ((await outcome('AKIASECOND0000000000')) !== 'ok') await delay(20)
    expect(await outcome('AKIAFIRST00000000000')).toBe('UnrecognizedClientException')
    expect((await program.stop('SIGTERM')).status).toBe(0)
  })

  it('that comes before the service answers is heard once it does, and after its end no more', () => {
    const listeners = process.listenerCount('SIGHUP')
    const signal = listenForReload()
    let reloads = 0
    const reloadSeed = async (): Promise<void> => void reloads++
    process.emit('SIGHUP', 'SIGHUP')
    expect(reloads).toBe(0)
    signal.attach({ reloadSeed })
    expect(reloads).toBe(1)
    process.emit('SIGHUP', 'SIGHUP')
    expect(reloads).toBe(2)
    signal.end()
    expect(process.listenerCount('SIGHUP')).toBe(listeners)
  })
})
