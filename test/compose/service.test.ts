import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  KMSClient,
} from '@aws-sdk/client-kms'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RunningService } from '../../src/compose/service.ts'
import { startService } from '../../src/compose/service.ts'
import type { ServeFlags } from '../../src/config/config.ts'
import { readConfig } from '../../src/config/config.ts'
import { systemClock } from '../../src/core/clock.ts'
import { systemRandom } from '../../src/core/random.ts'
import { DEFAULT_ADMISSION_LIMITS } from '../../src/http/admission.ts'
import { DEFAULT_WAITING_LIMIT } from '../../src/keys/key-pair-stock.ts'
import { LAB_CREDENTIALS } from '../support/lab-service.ts'

let folder: string
let data: string
const running: RunningService[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'attested-kms-compose-'))
  data = join(folder, 'data')
})
afterEach(async () => {
  for (const service of running.splice(0)) await service.stop(1_000)
  rmSync(folder, { recursive: true })
})

async function start(flags: ServeFlags = {}, env: Record<string, string> = {}): Promise<RunningService> {
  const config = readConfig({ listen: '127.0.0.1:0', admin: '127.0.0.1:0', data, ...flags })
  const environment = { clock: systemClock, random: systemRandom, env, logLine: () => undefined }
  const service = await startService(config, environment)
  running.push(service)
  return service
}

async function stopAll(): Promise<void> {
  for (const service of running.splice(0)) await service.stop(1_000)
}

interface Health {
  readonly unsafe: readonly string[]
  readonly anchors: readonly { readonly partition: string; readonly name: string; readonly sha256: string }[]
}

async function health({ kmsUrl }: RunningService): Promise<Health> {
  return (await (await fetch(`${kmsUrl}/health`)).json()) as Health
}

function client({ kmsUrl }: RunningService, credentials = LAB_CREDENTIALS): KMSClient {
  return new KMSClient({ endpoint: kmsUrl, region: 'us-east-1', credentials, maxAttempts: 1 })
}

/** What AWS publishes as the SHA-256 of its commercial root certificate. */
const AWS_ROOT = '641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b'

describe('a store', () => {
  it.each([
    ['production', {}, { lab: true }],
    ['lab', { lab: true }, {}],
  ] as const)(
    'born in %s mode does not open in the other, and is left as it was',
    async (_, birth, other) => {
      await start(birth)
      await stopAll()
      const before = readdirSync(data)
      await expect(start(other)).rejects.toThrow(expect.objectContaining({ code: 'STORE_MODE_MISMATCH' }))
      expect(readdirSync(data)).toEqual(before)
      await expect(start(birth)).resolves.toBeDefined()
    },
  )

  it('keeps keys over a restart, and decrypts what was encrypted before', async () => {
    const kms = client(await start({ lab: true }))
    const key = await kms.send(new CreateKeyCommand({}))
    const KeyId = key.KeyMetadata?.KeyId
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('kept') }))
    await stopAll()
    const again = client(await start({ lab: true }))
    const { Plaintext } = await again.send(new DecryptCommand({ CiphertextBlob }))
    expect(Buffer.from(Plaintext ?? []).toString()).toBe('kept')
  })

  it('is refused without its root key file, and none is made in its place', async () => {
    await start({ lab: true })
    await stopAll()
    rmSync(join(data, 'root-key'))
    await expect(start({ lab: true })).rejects.toThrow(
      expect.objectContaining({ code: 'CONFIG_ROOT_KEY_MISSING' }),
    )
    expect(existsSync(join(data, 'root-key'))).toBe(false)
  })

  it('takes its root key from a variable, and refuses another', async () => {
    const flags = { lab: true, rootKey: 'env:THE_KEY' }
    await start(flags, { THE_KEY: Buffer.alloc(32, 1).toString('base64') })
    await stopAll()
    expect(readdirSync(data)).not.toContain('root-key')
    await expect(start(flags, { THE_KEY: Buffer.alloc(32, 2).toString('base64') })).rejects.toThrow(
      expect.objectContaining({ code: 'STORE_ROOT_KEY_MISMATCH' }),
    )
    await expect(start(flags)).rejects.toThrow(expect.objectContaining({ code: 'CONFIG_ROOT_KEY_INVALID' }))
  })
})

describe('the admin token', () => {
  it.each(['', '\n', 'short', `${'x'.repeat(40)} y`])(
    'CONFIG_ADMIN_TOKEN_INVALID: a file that holds %j, instead of letting everybody in',
    async (content) => {
      mkdirSync(data)
      writeFileSync(join(data, 'admin-token'), content, { mode: 0o600 })
      await expect(start()).rejects.toThrow(expect.objectContaining({ code: 'CONFIG_ADMIN_TOKEN_INVALID' }))
    },
  )
})

describe('a data directory', () => {
  it('that is a file is refused with CONFIG_DATA_UNUSABLE', async () => {
    writeFileSync(data, '')
    await expect(start()).rejects.toThrow(expect.objectContaining({ code: 'CONFIG_DATA_UNUSABLE' }))
  })
})

describe('production mode', () => {
  it('trusts the AWS roots only, says nothing unsafe, and has no lab routes', async () => {
    const service = await start()
    const { unsafe, anchors } = await health(service)
    expect(unsafe).toEqual([])
    expect(anchors.map(({ partition }) => partition)).toEqual(['aws', 'aws-us-gov'])
    expect(anchors[0]?.sha256).toBe(AWS_ROOT)
    const token = readFileSync(join(data, 'admin-token'), 'utf8')
    for (const path of ['/lab/reset', '/lab/documents', '/lab/clock']) {
      const answer = await fetch(`${service.adminUrl}${path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'x-attested-kms-admin': '1',
        },
        body: '{}',
      })
      expect(answer.status).toBe(404)
    }
  })

  it('does not know the lab user, and writes the administrator’s access key to a file of mode 0600', async () => {
    const service = await start()
    const call = client(service).send(new CreateKeyCommand({}))
    await expect(call).rejects.toThrow(expect.objectContaining({ name: 'UnrecognizedClientException' }))
    const path = service.administratorFile ?? ''
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const { accessKeyId, secretAccessKey } = JSON.parse(readFileSync(path, 'utf8')) as typeof LAB_CREDENTIALS
    const made = await client(service, { accessKeyId, secretAccessKey }).send(new CreateKeyCommand({}))
    expect(made.KeyMetadata?.AWSAccountId).toBe('000000000000')
    await stopAll()
    expect((await start()).administratorFile).toBeNull()
  })

  it('adds an operator’s root to the partition that was named', async () => {
    const { createLabPki } = await import('../../src/simulator/lab-pki.ts')
    const root = join(folder, 'root.der')
    writeFileSync(root, createLabPki({ seed: 'operator' }).rootCertificate)
    const { anchors } = await health(await start({ attestationRoot: [`aws-cn=${root}`] }))
    expect(anchors.map(({ partition, name }) => `${partition} ${name}`)).toContain(`aws-cn ${root}`)
    await stopAll()
    writeFileSync(root, 'no certificate')
    await expect(start({ attestationRoot: [root] })).rejects.toThrow(
      expect.objectContaining({ code: 'CONFIG_ATTESTATION_ROOT_INVALID' }),
    )
  })

  it('makes the keys of a seed file once, with their material, and never changes them', async () => {
    const seedFile = join(folder, 'seed.yaml')
    const id = '1234abcd-12ab-34cd-56ef-1234567890ab'
    const seed = (region: string): string => `
accounts:
  "111122223333":
    users:
      alice:
        accessKeys: [{ id: AKIASEED000000000000, secret: a-secret-for-a-test-0000000000000000000 }]
        policies: [{ Version: "2012-10-17", Statement: [{ Effect: Allow, Action: "kms:*", Resource: "*" }] }]
keys:
  - { id: ${id}, region: ${region}, account: "111122223333", spec: SYMMETRIC_DEFAULT, aliases: [alias/app] }
`
    writeFileSync(seedFile, seed('us-east-1'))
    const credentials = {
      accessKeyId: 'AKIASEED000000000000',
      secretAccessKey: 'a-secret-for-a-test-0000000000000000000',
    }
    const kms = client(await start({ seedFile }), credentials)
    const first = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/app' }))
    expect(first.KeyMetadata?.KeyId).toBe(id)
    await stopAll()
    const again = client(await start({ seedFile }), credentials)
    const second = await again.send(new DescribeKeyCommand({ KeyId: 'alias/app' }))
    expect(second.KeyMetadata).toEqual(first.KeyMetadata)
    await stopAll()
    const policy = seed('us-east-1').replace(
      'Effect: Allow,',
      'Effect: Allow, Condition: { "Null": { "aws:Referer": "true" } },',
    )
    writeFileSync(seedFile, policy)
    await expect(start({ seedFile })).rejects.toThrow(
      expect.objectContaining({
        code: 'SEED_POLICY_INVALID',
        message: expect.stringContaining('aws:Referer') as string,
      }),
    )
    writeFileSync(seedFile, seed('nowhere'))
    await expect(start({ seedFile })).rejects.toThrow(
      expect.objectContaining({ code: 'SEED_REGION_INVALID' }),
    )
    await expect(start({ seedFile: join(folder, 'none') })).rejects.toThrow(
      expect.objectContaining({ code: 'CONFIG_SEED_FILE_UNREADABLE' }),
    )
  })
})

describe('lab mode', () => {
  it('issues documents again after its clock was where none can be issued', async () => {
    const service = await start({ lab: true })
    const token = readFileSync(join(data, 'admin-token'), 'utf8')
    const post = async (path: string, body: object): Promise<number> => {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'x-attested-kms-admin': '1',
      }
      const url = `${service.adminUrl}${path}`
      return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status
    }
    await post('/lab/clock', { to: '0001-01-01T00:00:00Z' })
    expect(await post('/lab/documents', { kind: 'nitro-enclave' })).toBe(400)
    await post('/lab/clock', { to: null })
    expect(await post('/lab/documents', { kind: 'nitro-enclave' })).toBe(200)
  })

  it('trusts its root in every partition, the same one after a restart and from the same seed', async () => {
    const labRoot = async (flags: ServeFlags): Promise<string | undefined> => {
      const service = await start({ lab: true, ...flags })
      const { unsafe, anchors } = await health(service)
      expect(unsafe).toContain('lab-root')
      const lab = anchors.filter(({ name }) => name === 'lab')
      expect(lab).toHaveLength(8)
      await stopAll()
      return lab[0]?.sha256
    }
    const first = await labRoot({})
    expect(await labRoot({})).toBe(first)
    const seeded = await labRoot({ data: join(folder, 'a'), labSeed: 'x' })
    expect(seeded).not.toBe(first)
    expect(await labRoot({ data: join(folder, 'b'), labSeed: 'x' })).toBe(seeded)
    const spaced = await labRoot({ data: join(folder, 'c'), labSeed: ' x ' })
    expect(spaced).not.toBe(seeded)
    expect(await labRoot({ data: join(folder, 'c') })).toBe(spaced)
  })

  it('says in every answer what is unsafe', async () => {
    const service = await start({ lab: true, unsafeAllowUnsigned: true, unsafeAttestationClock: 'document' })
    const answer = await fetch(service.kmsUrl, { method: 'POST' })
    expect(answer.headers.get('x-attested-kms-unsafe')).toBe(
      'lab-root, allow-unsigned, attestation-clock-document',
    )
  })

  it('answers a document that the simulator does not make with 400, as every other bad input', async () => {
    const service = await start({ lab: true })
    const answer = await fetch(`${service.adminUrl}/lab/documents`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${readFileSync(join(data, 'admin-token'), 'utf8')}`,
        'content-type': 'application/json',
        'x-attested-kms-admin': '1',
      },
      body: JSON.stringify({ kind: 'nitro-enclave', at: '2100-01-01T00:00:00Z' }),
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code: 'ADMIN_INPUT_INVALID' } })
  })

  it('admits more calls than may wait for a key pair, so that these keep nobody else out', () => {
    expect(DEFAULT_WAITING_LIMIT).toBeLessThan(DEFAULT_ADMISSION_LIMITS.attestedCalls)
    expect(DEFAULT_WAITING_LIMIT).toBeLessThan(DEFAULT_ADMISSION_LIMITS.calls)
  })

  it('leaves nothing running when the second listener cannot be opened', async () => {
    const taken = await start({ lab: true })
    const other = { lab: true, data: join(folder, 'other'), listen: new URL(taken.kmsUrl).host }
    await expect(start(other)).rejects.toThrow(expect.objectContaining({ code: 'ADDRESS_IN_USE' }))
    await expect(start({ ...other, listen: '127.0.0.1:0' })).resolves.toBeDefined()
  })
})
