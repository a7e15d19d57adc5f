import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeKeyCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestService } from '../support/lab-service.ts'
import { LAB_CREDENTIALS, startLabService } from '../support/lab-service.ts'

let folder: string
let seedFile: string
let service: TestService | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attested-kms-reload-'))
  seedFile = join(folder, 'seed.yaml')
})
afterEach(async () => {
  await service?.end()
  service = undefined
  rmSync(folder, { recursive: true })
})

const ALLOW = '[{ Statement: [{ Effect: Allow, Action: "kms:*", Resource: "*" }] }]'

/** A seed file with users, each with the secret given, and key ids. */
function writeSeed(users: Readonly<Record<string, string>>, keyIds: readonly string[] = []): void {
  const entries = Object.entries(users).map(
    ([name, secret]) =>
      `      ${name}: { accessKeys: [{ id: ${idOf(name)}, secret: ${secret} }], policies: ${ALLOW} }`,
  )
  const keys = keyIds.map(
    (id) => `  - { id: ${id}, region: us-east-1, account: "999988887777", spec: SYMMETRIC_DEFAULT }`,
  )
  const text = [
    'accounts:',
    '  "999988887777":',
    '    users:',
    ...entries,
    ...(keys.length > 0 ? ['keys:', ...keys] : []),
  ]
  writeFileSync(seedFile, `${text.join('\n')}\n`)
}

const idOf = (name: string): string => `AKIA${name.toUpperCase().padEnd(16, '0')}`

function client(
  { kmsUrl }: TestService,
  credentials: { accessKeyId: string; secretAccessKey: string },
): KMSClient {
  return new KMSClient({ endpoint: kmsUrl, region: 'us-east-1', credentials, maxAttempts: 1 })
}

/** What a user's call ends in: `ok`, or the name of the exception. */
async function outcome(running: TestService, name: string, secretAccessKey: string): Promise<string> {
  const kms = client(running, { accessKeyId: idOf(name), secretAccessKey })
  return kms.send(new ListKeysCommand({})).then(
    () => 'ok',
    (error: Error) => error.name,
  )
}

/** The lines of the log about the seed file. */
function told(running: TestService): readonly Record<string, unknown>[] {
  const lines = running.log.map((line) => JSON.parse(line) as Record<string, unknown>)
  return lines.filter(({ event }) => String(event).startsWith('seed-file'))
}

const KEY = '1234abcd-12ab-34cd-56ef-1234567890ab'

describe('reading the seed file again', () => {
  it('takes up new users, lets go of old ones at once, and makes keys that are absent', async () => {
    writeSeed({ alice: 'one', bob: 'two' })
    service = await startLabService({ seedFile })
    expect([await outcome(service, 'alice', 'one'), await outcome(service, 'bob', 'two')]).toEqual([
      'ok',
      'ok',
    ])
    writeSeed({ bob: 'changed', carol: 'three' }, [KEY])
    await service.reloadSeed()
    expect(told(service)).toMatchObject([{ level: 'info', event: 'seed-file-taken' }])
    expect(await outcome(service, 'alice', 'one')).toBe('UnrecognizedClientException')
    expect(await outcome(service, 'bob', 'two')).toBe('InvalidSignatureException')
    expect(await outcome(service, 'bob', 'changed')).toBe('ok')
    expect(await outcome(service, 'carol', 'three')).toBe('ok')
    const kms = client(service, { accessKeyId: idOf('carol'), secretAccessKey: 'three' })
    expect((await kms.send(new DescribeKeyCommand({ KeyId: KEY }))).KeyMetadata?.Enabled).toBe(true)
    expect((await client(service, LAB_CREDENTIALS).send(new ListKeysCommand({}))).Keys).toEqual([])
  })

  it.each([
    ['is no YAML', 'accounts: [', 'SEED_NOT_YAML', /line/],
    [
      'names an unknown member',
      'accounts: { "999988887777": { users: { carol: { secret: the-secret } } } }',
      'SEED_MEMBER_UNKNOWN',
      /users\.carol/,
    ],
    [
      'has a policy that is none',
      `accounts: { "999988887777": { users: { carol: { policies: [{}] } } } }`,
      'SEED_POLICY_INVALID',
      /users\.carol\.policies\[0\]/,
    ],
    [
      'has a key that cannot be made',
      'keys: [{ id: x, region: us-east-1, account: "999988887777", spec: X }]',
      'SEED_KEY_ID_INVALID',
      /keys\[0\]\.id/,
    ],
  ])('keeps everything as it was where the file %s, and says why', async (_, text, code, message) => {
    writeSeed({ alice: 'one' })
    service = await startLabService({ seedFile })
    writeFileSync(seedFile, text)
    await service.reloadSeed()
    expect(told(service)).toMatchObject([
      { level: 'error', event: 'seed-file-refused', code, message: expect.stringMatching(message) },
    ])
    expect(service.log.join('')).not.toContain('the-secret')
    expect(await outcome(service, 'alice', 'one')).toBe('ok')
  })

  it('keeps everything as it was where the file is gone', async () => {
    writeSeed({ alice: 'one' })
    service = await startLabService({ seedFile })
    rmSync(seedFile)
    await service.reloadSeed()
    expect(told(service)).toMatchObject([{ event: 'seed-file-refused', code: 'CONFIG_SEED_FILE_UNREADABLE' }])
    expect(await outcome(service, 'alice', 'one')).toBe('ok')
  })

  it.each([
    [
      'the id of another account',
      `  - { id: ${'0'.repeat(8)}-0000-0000-0000-000000000001, region: us-east-1, account: "111122223333", spec: SYMMETRIC_DEFAULT }`,
      'CONFIG_SEED_KEY_TAKEN',
    ],
    [
      'one alias too many',
      `  - { id: ${'0'.repeat(8)}-0000-0000-0000-000000000003, region: us-east-1, account: "999988887777", spec: SYMMETRIC_DEFAULT, aliases: [${Array.from({ length: 51 }, (_, at) => `alias/a${at}`).join(', ')}] }`,
      'CONFIG_SEED_ALIASES_TOO_MANY',
    ],
  ])('makes no key at all where one has %s', async (_, line, code) => {
    const first = '00000000-0000-0000-0000-000000000001'
    const second = '00000000-0000-0000-0000-000000000002'
    writeSeed({ alice: 'one' }, [first])
    service = await startLabService({ seedFile })
    writeSeed({ bob: 'two' }, [second])
    appendFileSync(seedFile, `${line}\n`)
    await service.reloadSeed()
    expect(told(service)).toMatchObject([{ event: 'seed-file-refused', code }])
    const kms = client(service, { accessKeyId: idOf('alice'), secretAccessKey: 'one' })
    const { Keys } = await kms.send(new ListKeysCommand({}))
    expect(Keys?.map(({ KeyId }) => KeyId)).toEqual([first])
  })

  it('says that there is none where the service was started without', async () => {
    service = await startLabService()
    await service.reloadSeed()
    expect(told(service)).toMatchObject([{ level: 'warn', event: 'seed-file-absent' }])
  })

  it('happens one after another, and ends in what the file holds at last', async () => {
    writeSeed({ alice: 'one' })
    service = await startLabService({ seedFile })
    const first = service.reloadSeed()
    writeSeed({ bob: 'two' })
    const others = [service.reloadSeed(), service.reloadSeed(), service.reloadSeed()]
    await Promise.all([first, ...others])
    // Those that came while the first was under way are one.
    expect(told(service).map(({ event }) => event)).toEqual(['seed-file-taken', 'seed-file-taken'])
    expect(await outcome(service, 'bob', 'two')).toBe('ok')
    await service.reloadSeed()
    expect(told(service)).toHaveLength(3)
  })

  it('is what a reset of the lab makes keys from', async () => {
    writeSeed({ alice: 'one' })
    service = await startLabService({ seedFile })
    writeSeed({ alice: 'one' }, [KEY])
    await service.reloadSeed()
    const headers = {
      authorization: `Bearer ${service.adminToken}`,
      'content-type': 'application/json',
      'x-attested-kms-admin': '1',
    }
    const reset = await fetch(`${service.adminUrl}/lab/reset`, { method: 'POST', headers, body: '{}' })
    expect(reset.ok).toBe(true)
    const kms = client(service, { accessKeyId: idOf('alice'), secretAccessKey: 'one' })
    expect((await kms.send(new DescribeKeyCommand({ KeyId: KEY }))).KeyMetadata?.Enabled).toBe(true)
  })
})
