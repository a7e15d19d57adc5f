import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { signedHeaders } from '../http/an-app.ts'
import type { ClockedService } from './a-clocked-service.ts'
import { startClockedService } from './a-clocked-service.ts'

const START = new Date('2026-05-01T12:00:00Z')
const ROLE = 'arn:aws:iam::111122223333:role/host'

let folder: string
let seedFile: string
let service: ClockedService

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attested-kms-sessions-'))
  seedFile = join(folder, 'seed.json')
})
afterEach(async () => {
  await service.stop()
  rmSync(folder, { recursive: true })
})

/** Writes a seed file whose role `host` user `lab` may assume; `null` for a file without the role. */
function writeSeed(action: string | null): void {
  const trust = {
    Statement: [{ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' }],
  }
  const policies = [{ Statement: [{ Effect: 'Allow', Action: action ?? '*', Resource: '*' }] }]
  const roles = action === null ? {} : { host: { trust, policies } }
  writeFileSync(seedFile, JSON.stringify({ accounts: { '111122223333': { roles } } }))
}

async function start(): Promise<void> {
  service = await startClockedService({ lab: true, data: join(folder, 'data'), seedFile }, START)
}

async function assume(at: Date): Promise<Record<'accessKeyId' | 'secretAccessKey' | 'sessionToken', string>> {
  const parameters = { Action: 'AssumeRole', Version: '2011-06-15', RoleArn: ROLE, RoleSessionName: 'me' }
  const body = new URLSearchParams(parameters).toString()
  const { host: _, ...headers } = await signedHeaders({
    service: 'sts',
    host: new URL(service.service.kmsUrl).host,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
    at,
  })
  const xml = await (await fetch(service.service.kmsUrl, { method: 'POST', headers, body })).text()
  const text = (name: string): string => new RegExp(`<${name}>([^<]+)<`).exec(xml)?.[1] ?? ''
  return {
    accessKeyId: text('AccessKeyId'),
    secretAccessKey: text('SecretAccessKey'),
    sessionToken: text('SessionToken'),
  }
}

/** What a `GenerateRandom` with these credentials ends in: `ok`, or the name of the exception. */
async function outcome(credentials: Awaited<ReturnType<typeof assume>>, at: Date): Promise<string> {
  const body = '{"NumberOfBytes":1}'
  const host = new URL(service.service.kmsUrl).host
  const { host: _, ...headers } = await signedHeaders({
    ...credentials,
    host,
    target: 'GenerateRandom',
    body,
    at,
  })
  const answer = await fetch(service.service.kmsUrl, { method: 'POST', headers, body })
  return answer.ok ? 'ok' : String(((await answer.json()) as Record<string, unknown>)['__type'])
}

it('temporary credentials outlive a restart, and end at their time whatever the clock of the lab says', async () => {
  writeSeed('kms:*')
  await start()
  const credentials = await assume(START)
  expect(await outcome(credentials, START)).toBe('ok')
  await service.stop()
  await start()
  await service.admin('/lab/clock', { to: '2030-01-01T00:00:00Z' })
  expect(await outcome(credentials, START)).toBe('ok')
  const later = new Date(START.getTime() + 3600_000)
  service.setTime(later)
  expect(await outcome(credentials, later)).toBe('ExpiredTokenException')
})

it('a session may do what its role may do now, and nothing once the role is gone, or was put back', async () => {
  writeSeed('kms:*')
  await start()
  const credentials = await assume(START)
  const reload = async (action: string | null): Promise<void> => {
    writeSeed(action)
    await service.service.reloadSeed()
  }
  await reload('kms:ListKeys')
  expect(await outcome(credentials, START)).toBe('AccessDeniedException')
  await reload('kms:GenerateRandom')
  expect(await outcome(credentials, START)).toBe('ok')
  await reload(null)
  expect(await outcome(credentials, START)).toBe('UnrecognizedClientException')
  const later = new Date(START.getTime() + 1000)
  service.setTime(later)
  await reload('kms:*')
  expect(await outcome(credentials, later)).toBe('UnrecognizedClientException')
  expect(await outcome(await assume(later), later)).toBe('ok')
})
