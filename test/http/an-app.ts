import { SignatureV4 } from '@smithy/signature-v4'
import { createHash, createHmac, createSecretKey } from 'node:crypto'
import type { AuditFacts } from '../../src/audit/audit-facts.ts'
import { systemRandom } from '../../src/core/random.ts'
import { createDecisionLog } from '../../src/decisions/decision-log.ts'
import { createAdmission, DEFAULT_ADMISSION_LIMITS } from '../../src/http/admission.ts'
import type { KmsAppOptions } from '../../src/http/app.ts'
import { createKmsApp } from '../../src/http/app.ts'
import type { BoundOperation } from '../../src/http/dispatch.ts'
import { createLog } from '../../src/http/log.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import { LAB_ACCESS_KEY } from '../../src/identity/lab-identity.ts'
import { createDirectory } from '../../src/identity/directory.ts'
import type { SessionTokens } from '../../src/identity/session-token.ts'
import { createSessionTokens } from '../../src/identity/session-token.ts'
import { createPolicyReader } from '../../src/operations/policy-reader.ts'
import type { WebApp } from '../../src/http/web.ts'

/** The time at which the tests of this room live. */
export const NOW = new Date('2026-03-01T12:00:00.000Z')

/** A request before or after it was signed. */
export interface RequestToSign {
  readonly host?: string
  readonly target?: string
  readonly body?: string | Uint8Array
  readonly headers?: Readonly<Record<string, string>>
  readonly at?: Date
  readonly region?: string
  readonly service?: string
  readonly secretAccessKey?: string
  readonly accessKeyId?: string
  readonly sessionToken?: string
}

/** Answers the headers of a request signed by the signer of the AWS SDK for JavaScript: the witness of these tests. */
export async function signedHeaders(request: RequestToSign = {}): Promise<Record<string, string>> {
  const host = request.host ?? '127.0.0.1:4599'
  const signer = new SignatureV4({
    service: request.service ?? 'kms',
    region: request.region ?? 'us-east-1',
    credentials: {
      accessKeyId: request.accessKeyId ?? LAB_ACCESS_KEY.accessKeyId,
      secretAccessKey: request.secretAccessKey ?? LAB_ACCESS_KEY.secretAccessKey,
      ...(request.sessionToken !== undefined && { sessionToken: request.sessionToken }),
    },
    sha256: NodeSha256,
    applyChecksum: false,
  })
  const signed = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: host,
      path: '/',
      query: {},
      headers: {
        host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `TrentService.${request.target ?? 'Echo'}`,
        ...request.headers,
      },
      body: request.body ?? '{}',
    },
    { signingDate: request.at ?? NOW },
  )
  return signed.headers
}

/** The hash that the signer wants, over `node:crypto`. */
class NodeSha256 {
  #chunks: Uint8Array[] = []
  readonly #secret: Uint8Array | undefined

  constructor(secret?: SourceData) {
    this.#secret = secret === undefined ? undefined : toBytes(secret)
  }

  update(data: SourceData): void {
    this.#chunks.push(toBytes(data))
  }

  async digest(): Promise<Uint8Array> {
    const hash = this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret)
    return hash.update(Buffer.concat(this.#chunks)).digest()
  }

  reset(): void {
    this.#chunks = []
  }
}

type SourceData = string | ArrayBuffer | ArrayBufferView

function toBytes(data: SourceData): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data)
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data)
}

/** Session tokens under a key of their own. */
export function makeSessionTokens(): SessionTokens {
  return createSessionTokens(createSecretKey(systemRandom.bytes(32)), systemRandom)
}

/** An operation that answers what it was asked. */
const echo: BoundOperation = async ({ input }) => ({ body: input, warnings: [] })

/** An app with what it wrote and counted. */
export interface AppUnderTest {
  readonly app: WebApp
  /** The lines of the log, parsed. */
  readonly lines: Record<string, unknown>[]
  /** What the app itself put into the audit trail. */
  readonly audited: readonly AuditFacts[]
  readonly options: KmsAppOptions
}

/** Makes a KMS app whose only operation is `Echo`, unless others are given. */
export function makeKmsApp(changes: Partial<KmsAppOptions> = {}): AppUnderTest {
  const lines: Record<string, unknown>[] = []
  const audited: AuditFacts[] = []
  const admission = changes.admission ?? createAdmission(DEFAULT_ADMISSION_LIMITS)
  const clock = { now: () => NOW }
  const options: KmsAppOptions = {
    operations: new Map([['Echo', echo]]),
    identities: createDirectory([LAB_ACCESS_KEY], []),
    sessions: makeSessionTokens(),
    policies: createPolicyReader(),
    clock,
    random: systemRandom,
    admission,
    audit: { record: (facts) => audited.push(facts) },
    decisions: createDecisionLog({ perCaller: 10, callers: 10 }),
    log: createLog({ sink: (line) => lines.push(JSON.parse(line)), clock, unsafe: changes.unsafe ?? [] }),
    metrics: createMetrics(admission.inFlight),
    unsafe: [],
    anchors: [],
    ...changes,
  }
  return { app: createKmsApp(options), lines, audited, options }
}

/** Sends a request with the given headers and body to an app. */
export async function post(
  app: WebApp,
  headers: Record<string, string>,
  body: string | Uint8Array<ArrayBuffer> | null = '{}',
): Promise<Response> {
  return app.request('http://127.0.0.1:4599/', { method: 'POST', headers, body })
}

/** Signs a request and sends it. */
export async function call(app: WebApp, request: RequestToSign = {}): Promise<Response> {
  const body = request.body ?? '{}'
  return post(app, await signedHeaders(request), typeof body === 'string' ? body : Uint8Array.from(body))
}
