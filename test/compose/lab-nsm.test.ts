import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DecryptCommand, EncryptCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { decode, encode } from 'cborg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEnvelope } from '../../enclave/client/envelope.ts'
import { generateRecipientKeyPair } from '../../enclave/client/recipient-key-pair.ts'
import { parseBase64 } from '../../src/core/base64.ts'
import { utf8 } from '../../src/core/bytes.ts'
import type { ServeFlags } from '../../src/config/config.ts'
import { codeFromVerifier } from '../simulator/code-from-verifier.ts'
import { readDocument } from '../simulator/read-document.ts'
import type { TestService } from '../support/lab-service.ts'
import { LAB_CREDENTIALS, startLabService } from '../support/lab-service.ts'

let folder: string
let path: string
let running: TestService[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-nsm-'))
  path = join(folder, 'nsm.sock')
  running = []
})
afterEach(async () => {
  for (const service of running) await service.end()
  rmSync(folder, { recursive: true })
})

async function start(flags: ServeFlags = {}): Promise<TestService> {
  const service = await startLabService(flags)
  running.push(service)
  return service
}

interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

/** Asks the admin listener: `POST` with a body, else `GET`. */
async function admin({ adminUrl, adminToken }: TestService, route: string, body?: object): Promise<Answer> {
  const headers = {
    authorization: `Bearer ${adminToken}`,
    'content-type': 'application/json',
    'x-attested-kms-admin': '1',
  }
  const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers }
  const answer = await fetch(`${adminUrl}${route}`, init)
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

type Ask = (request: unknown) => Promise<unknown>

/** The module of an enclave, over HTTP. */
async function overHttp(service: TestService, wishes: object = {}): Promise<{ ask: Ask; moduleId: string }> {
  const moduleId = String((await admin(service, '/lab/enclaves', wishes)).body['moduleId'])
  const ask: Ask = async (request) => {
    const message = { moduleId, request: Buffer.from(encode(request)).toString('base64') }
    const { body } = await admin(service, '/lab/enclaves/nsm', message)
    return decode(parseBase64(String(body['response'])))
  }
  return { ask, moduleId }
}

/** The module behind the socket. */
const overSocket: Ask = async (request) => {
  const socket = connect({ path })
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.end(encode(request))
  await once(socket, 'close')
  return decode(new Uint8Array(Buffer.concat(chunks)))
}

async function documentFrom(ask: Ask, fields: object = {}): Promise<Uint8Array> {
  const response = (await ask({ Attestation: fields })) as { Attestation: { document: Uint8Array } }
  return response.Attestation.document
}

const rootOf = async ({ adminUrl, adminToken }: TestService): Promise<Uint8Array> => {
  const answer = await fetch(`${adminUrl}/lab/root.pem`, {
    headers: { authorization: `Bearer ${adminToken}` },
  })
  return utf8(await answer.text())
}

const startedModule = async (): Promise<unknown> =>
  ((await overSocket('DescribeNSM')) as { DescribeNSM: { module_id: string } }).DescribeNSM.module_id

describe('an enclave program against a lab service', () => {
  it.each(['socket', 'http'] as const)(
    'gets a document from its module (%s) that opens the key for its PCR16, and not the key for another',
    async (way) => {
      const service = await start({ labNsm: path })
      const ask = way === 'socket' ? overSocket : (await overHttp(service)).ask
      const kms = new KMSClient({
        endpoint: service.kmsUrl,
        region: 'us-east-1',
        credentials: LAB_CREDENTIALS,
      })
      const pcr16 = (await ask({ ExtendPCR: { index: 16, data: utf8('release 1') } })) as {
        ExtendPCR: { data: Uint8Array }
      }
      await ask({ LockPCR: { index: 16 } })
      const measured = Buffer.from(pcr16.ExtendPCR.data).toString('hex')
      const all = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:user/lab' }, Resource: '*' }
      const statements = (digest: string): object[] => [
        { ...all, NotAction: 'kms:Decrypt' },
        {
          ...all,
          Action: 'kms:Decrypt',
          Condition: { StringEqualsIgnoreCase: { 'kms:RecipientAttestation:PCR16': digest } },
        },
      ]
      const { spki, privateKey } = await generateRecipientKeyPair()
      const Recipient = {
        KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256' as const,
        AttestationDocument: await documentFrom(ask, { public_key: spki }),
      }
      const decrypt = async (digest: string) => {
        const Policy = JSON.stringify({ Version: '2012-10-17', Statement: statements(digest) })
        const { KeyMetadata } = await kms.send(
          new CreateKeyCommand({ Policy, BypassPolicyLockoutSafetyCheck: true }),
        )
        const KeyId = KeyMetadata?.KeyId
        const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: utf8('secret') }))
        return kms.send(new DecryptCommand({ CiphertextBlob, Recipient }))
      }
      const { CiphertextForRecipient, Plaintext } = await decrypt(measured)
      expect(Plaintext).toBeUndefined()
      expect(
        Buffer.from(openEnvelope(CiphertextForRecipient ?? new Uint8Array(), privateKey)).toString(),
      ).toBe('secret')
      await expect(decrypt('00'.repeat(48))).rejects.toThrow(
        expect.objectContaining({ name: 'AccessDeniedException' }),
      )
      kms.destroy()
    },
  )

  it.each(['socket', 'http'] as const)('gets documents of the time of the lab clock (%s)', async (way) => {
    const service = await start({ labNsm: path })
    const roots = [await rootOf(service)]
    const ask = way === 'socket' ? overSocket : (await overHttp(service)).ask
    const now = new Date('2030-05-05T05:05:05Z')
    await admin(service, '/lab/clock', { to: now.toISOString() })
    const document = await documentFrom(ask)
    const timestamp = Number(readDocument(document).fields.get('timestamp'))
    expect(timestamp - now.getTime()).toBeGreaterThanOrEqual(0)
    expect(timestamp - now.getTime()).toBeLessThan(60_000)
    expect(await codeFromVerifier({ document, now: new Date(timestamp), roots })).toBeNull()
    await admin(service, '/lab/clock', { to: null })
    expect(Number(readDocument(await documentFrom(ask)).fields.get('timestamp'))).toBeLessThan(now.getTime())
    await admin(service, '/lab/clock', { to: '1960-01-01T00:00:00Z' })
    expect(await ask({ Attestation: {} })).toEqual({ Error: 'InternalError' })
  })
})

describe('simulated enclaves over HTTP', () => {
  it('are what was asked for, are listed, answer, and are ended one by one', async () => {
    const service = await start()
    expect(await admin(service, '/lab/enclaves')).toEqual({ status: 200, body: { enclaves: [] } })
    const wishes = {
      region: 'eu-west-1',
      instanceId: 'i-0123456789abcdef0',
      debug: true,
      pcrs: { 8: 'ab'.repeat(48) },
    }
    const { body: enclave } = await admin(service, '/lab/enclaves', wishes)
    const zero = '00'.repeat(48)
    expect(enclave).toMatchObject({
      moduleId: expect.stringMatching(/^i-0123456789abcdef0-enc[0-9a-f]{16}$/),
      region: 'eu-west-1',
      debug: true,
      pcrs: { 0: zero, 1: zero, 2: zero, 8: 'ab'.repeat(48), 16: zero, 31: zero },
      lockedPcrs: Array.from({ length: 16 }, (_, index) => index),
    })
    const other = await overHttp(service)
    expect(await other.ask({ LockPCR: { index: 31 } })).toBe('LockPCR')
    const { body } = await admin(service, '/lab/enclaves')
    expect(body['enclaves']).toEqual([
      enclave,
      expect.objectContaining({ moduleId: other.moduleId, lockedPcrs: expect.arrayContaining([31]) }),
    ])
    const { moduleId } = enclave
    expect(await admin(service, '/lab/enclaves/end', { moduleId })).toEqual({
      status: 200,
      body: { status: 'ok' },
    })
    const gone = { status: 404, body: { error: expect.objectContaining({ code: 'LAB_ENCLAVE_UNKNOWN' }) } }
    expect(await admin(service, '/lab/enclaves/end', { moduleId })).toEqual(gone)
    expect(await admin(service, '/lab/enclaves/nsm', { moduleId, request: '' })).toEqual(gone)
    expect(await other.ask('GetRandom')).toHaveProperty('GetRandom')
  })

  it('that the simulator cannot start are refused with ADMIN_INPUT_INVALID', async () => {
    const service = await start()
    for (const wishes of [{ fault: 'no-such-fault' }, { instanceId: 'i-12345678' }]) {
      expect(await admin(service, '/lab/enclaves', wishes)).toEqual({
        status: 400,
        body: { error: expect.objectContaining({ code: 'ADMIN_INPUT_INVALID' }) },
      })
    }
  })

  it('are refused with LAB_ENCLAVES_FULL when 256 run, until one is ended, and a reset ends all', async () => {
    const service = await start()
    const started: Answer[] = []
    for (let round = 0; round < 256; round++) started.push(await admin(service, '/lab/enclaves', {}))
    expect(new Set(started.map(({ status, body }) => `${status} ${String(body['moduleId'])}`)).size).toBe(256)
    const full = await admin(service, '/lab/enclaves', {})
    expect([full.status, full.body['error']]).toEqual([
      409,
      expect.objectContaining({ code: 'LAB_ENCLAVES_FULL' }),
    ])
    await admin(service, '/lab/enclaves/end', { moduleId: started[0]?.body['moduleId'] })
    expect((await admin(service, '/lab/enclaves', {})).status).toBe(200)
    expect(await admin(service, '/lab/reset', {})).toEqual({ status: 200, body: { status: 'ok' } })
    expect(await admin(service, '/lab/enclaves')).toEqual({ status: 200, body: { enclaves: [] } })
  })

  it('get the answers of the module, too, to what is no request or too long for one', async () => {
    const service = await start()
    const { moduleId } = await overHttp(service)
    const send = async (bytes: Uint8Array): Promise<unknown> => {
      const request = Buffer.from(bytes).toString('base64')
      const { status, body } = await admin(service, '/lab/enclaves/nsm', { moduleId, request })
      expect(status).toBe(200)
      return decode(parseBase64(String(body['response'])))
    }
    expect(await send(new Uint8Array())).toEqual({ Error: 'InvalidOperation' })
    expect(await send(new Uint8Array(4097))).toEqual({ Error: 'InputTooLarge' })
  })
})

describe('the socket of a lab service', () => {
  it('is told of, starts anew at a reset, and is gone when the service has stopped', async () => {
    const service = await start({ labNsm: path })
    expect(service.nsmUrl).toBe(`unix:${path}`)
    const first = await startedModule()
    await overSocket({ LockPCRs: { range: 32 } })
    await admin(service, '/lab/clock', { to: '2030-01-01T00:00:00Z' })
    await admin(service, '/lab/reset', {})
    expect(await overSocket({ DescribePCR: { index: 31 } })).toEqual({
      DescribePCR: { lock: false, data: new Uint8Array(48) },
    })
    expect(await startedModule()).not.toBe(first)
    expect(Number(readDocument(await documentFrom(overSocket)).fields.get('timestamp'))).toBeLessThan(
      Date.parse('2030-01-01'),
    )
    await running.pop()?.end()
    expect(existsSync(path)).toBe(false)
  })

  it('is not opened without being asked for', async () => {
    expect((await start()).nsmUrl).toBeNull()
  })

  it('keeps the service from starting where it cannot be made, and nothing is left running', async () => {
    writeFileSync(path, 'precious')
    const data = join(folder, 'data')
    await expect(startLabService({ labNsm: path, data })).rejects.toThrow(
      expect.objectContaining({ code: 'SIMULATOR_SOCKET_FOREIGN' }),
    )
    await start({ data })
  })

  it('is gone when the service could not open its other listeners', async () => {
    const taken = new URL((await start()).kmsUrl).host
    const data = join(folder, 'data')
    await expect(startLabService({ labNsm: path, listen: taken, data })).rejects.toThrow(
      expect.objectContaining({ code: 'ADDRESS_IN_USE' }),
    )
    expect(existsSync(path)).toBe(false)
  })
})
