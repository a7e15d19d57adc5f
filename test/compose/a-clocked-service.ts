import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningService } from '../../src/compose/service.ts'
import { startService } from '../../src/compose/service.ts'
import type { ServeFlags } from '../../src/config/config.ts'
import { readConfig } from '../../src/config/config.ts'
import { systemRandom } from '../../src/core/random.ts'
import { signedHeaders } from '../http/an-app.ts'

/** An RSA key that documents of these tests name as the recipient's. */
export const recipientSpki: Uint8Array = new Uint8Array(
  generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'der', type: 'spki' }),
)

/** What came back of a call. */
export interface CallAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  /** The code that the verifier refused the document with. */
  readonly reason: string | null
  readonly unsafe: string | null
  readonly requestId: string
}

/** A call with a document in `Recipient`. */
interface AttestedCall {
  readonly document: Uint8Array
  readonly region?: string
  readonly operation?: string
  readonly input?: object
}

/** A whole service on free ports whose real time is what the test says it is. */
export interface ClockedService {
  readonly service: RunningService
  readonly data: string
  /** The lines of its log, parsed. */
  readonly log: readonly Readonly<Record<string, unknown>>[]
  /** Sets the real time, which requests are signed at too. */
  setTime(time: Date): void
  call(operation: string, input: object, region?: string): Promise<CallAnswer>
  /** A call with a `Recipient`, by default `GenerateRandom` in us-east-1. */
  attested(call: AttestedCall): Promise<CallAnswer>
  /** Asks the admin listener; with a body by POST. */
  admin(path: string, body?: object): Promise<Readonly<Record<string, unknown>>>
  health(): Promise<Readonly<Record<string, unknown>>>
  stop(): Promise<void>
}

/** Starts one at `time`; `data` among the flags keeps a directory of the caller's. */
export async function startClockedService(flags: ServeFlags, time: Date): Promise<ClockedService> {
  const data = flags.data ?? mkdtempSync(join(tmpdir(), 'attested-kms-clock-'))
  const config = readConfig({ listen: '127.0.0.1:0', admin: '127.0.0.1:0', ...flags, data })
  const log: Record<string, unknown>[] = []
  let now = time
  const service = await startService(config, {
    clock: { now: () => now },
    random: systemRandom,
    env: {},
    logLine: (line) => log.push(JSON.parse(line)),
  })
  const credentials = config.lab
    ? {}
    : JSON.parse(readFileSync(join(data, 'bootstrap-administrator.json'), 'utf8'))

  async function call(operation: string, input: object, region = 'us-east-1'): Promise<CallAnswer> {
    const body = JSON.stringify(input)
    const { host: _, ...headers } = await signedHeaders({
      ...credentials,
      host: new URL(service.kmsUrl).host,
      target: operation,
      body,
      at: now,
      region,
    })
    const answer = await fetch(service.kmsUrl, { method: 'POST', headers, body })
    return {
      status: answer.status,
      body: await toObject(answer),
      reason: answer.headers.get('x-attested-kms-reason'),
      unsafe: answer.headers.get('x-attested-kms-unsafe'),
      requestId: answer.headers.get('x-amzn-requestid') ?? '',
    }
  }

  return {
    service,
    data,
    log,
    setTime: (to) => void (now = to),
    call,
    attested: async ({ document, region, operation = 'GenerateRandom', input = { NumberOfBytes: 16 } }) => {
      const AttestationDocument = Buffer.from(document).toString('base64')
      const Recipient = { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256', AttestationDocument }
      return call(operation, { ...input, Recipient }, region)
    },
    async admin(path, body) {
      const token = readFileSync(join(data, 'admin-token'), 'utf8')
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'x-attested-kms-admin': '1',
      }
      const post = body && { method: 'POST', body: JSON.stringify(body) }
      return toObject(await fetch(`${service.adminUrl}${path}`, { headers, ...post }))
    },
    health: async () => toObject(await fetch(`${service.kmsUrl}/health`)),
    async stop() {
      await service.stop(1_000)
      if (flags.data === undefined) rmSync(data, { recursive: true })
    },
  }
}

async function toObject(answer: Response): Promise<Readonly<Record<string, unknown>>> {
  // Both listeners answer with JSON objects, refusals included.
  return (await answer.json()) as Record<string, unknown>
}
