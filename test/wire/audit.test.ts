import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  GenerateRandomCommand,
  KMSClient,
} from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReadRecord } from '../audit/a-call.ts'
import { readRecords } from '../audit/a-call.ts'
import { startProgram } from '../support/a-process.ts'
import { anEnclave } from '../support/an-enclave.ts'
import type { TestService } from '../support/lab-service.ts'
import { LAB_CREDENTIALS, startLabService } from '../support/lab-service.ts'

const clientOf = (endpoint: string): KMSClient =>
  new KMSClient({ endpoint, region: 'us-east-1', credentials: LAB_CREDENTIALS, maxAttempts: 1 })

describe('the audit trail of a service', () => {
  let service: TestService
  beforeAll(async () => {
    service = await startLabService()
  })
  afterAll(() => service.end())

  const ask = async (path: string, method = 'GET'): Promise<unknown> => {
    const headers = {
      authorization: `Bearer ${service.adminToken}`,
      'content-type': 'application/json',
      'x-attested-kms-admin': '1',
    }
    const body = method === 'GET' ? undefined : '{}'
    return (await fetch(`${service.adminUrl}${path}`, { method, headers, ...(body && { body }) })).json()
  }
  const page = async (query: string): Promise<readonly ReadRecord[]> =>
    ((await ask(`/audit${query}`)) as { records: readonly ReadRecord[] }).records

  it('shows the PCRs of an attested Decrypt as they stand in its document, in the file and on the admin listener', async () => {
    const kms = clientOf(service.kmsUrl)
    const KeyId = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId
    const Plaintext = Buffer.from('secret')
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext }))
    const pcrs = Object.fromEntries([0, 1, 2, 3, 4, 8].map((index) => [index, `0${index}`.repeat(48)]))
    const { recipient } = await anEnclave(service, { pcrs })
    const { $metadata } = await kms.send(new DecryptCommand({ CiphertextBlob, Recipient: recipient }))
    const [record] = await page(`?requestId=${$metadata.requestId ?? ''}`)
    expect(record).toMatchObject({ eventName: 'Decrypt', sourceIPAddress: '127.0.0.1' })
    const shown = record?.additionalEventData?.['recipient'] as Record<string, string>
    const hexOf = (member: string): string => Buffer.from(shown[member] ?? '', 'base64').toString('hex')
    expect(shown['attestationDocumentModuleId']).toMatch(/-enc/)
    expect(hexOf('attestationDocumentEnclaveImageDigest')).toBe(pcrs[0])
    for (const index of [1, 2, 3, 4, 8]) {
      expect(hexOf(`attestationDocumentEnclavePCR${index}`)).toBe(pcrs[index])
    }
    expect(readRecords(join(service.dataDirectory, 'audit')).at(-1)).toEqual(record)
  })

  it('outlives the reset of a lab', async () => {
    const before = await page('')
    expect(before.length).toBeGreaterThan(0)
    await ask('/lab/reset', 'POST')
    expect(await page('')).toEqual(before)
  })
})

describe('a service killed under load', () => {
  const data = mkdtempSync(join(tmpdir(), 'attested-kms-kill-'))
  afterAll(() => rmSync(data, { recursive: true }))
  const start = async () =>
    startProgram(['serve', '--lab', '--listen', '127.0.0.1:0', '--admin', '127.0.0.1:0', '--data', data])

  it('has a whole record of every call that it answered, and goes on behind them after its next start', async () => {
    const first = await start()
    const kms = clientOf(String(first.ready['kms']))
    const answered: string[] = []
    const load = async (): Promise<void> => {
      for (;;) {
        const { $metadata } = await kms.send(new GenerateRandomCommand({ NumberOfBytes: 8 }))
        answered.push($metadata.requestId ?? '')
        if (answered.length === 200) first.child.kill('SIGKILL')
      }
    }
    await Promise.allSettled([load(), load(), load(), load()])
    expect(answered.length).toBeGreaterThanOrEqual(200)
    const second = await start()
    const { $metadata } = await clientOf(String(second.ready['kms'])).send(
      new GenerateRandomCommand({ NumberOfBytes: 8 }),
    )
    await second.stop('SIGTERM')
    const recorded = readRecords(join(data, 'audit')).map(({ requestID }) => requestID)
    expect(answered.filter((requestId) => !recorded.includes(requestId))).toEqual([])
    expect(new Set(recorded).size).toBe(recorded.length)
    expect(recorded.at(-1)).toBe($metadata.requestId)
  })
})
