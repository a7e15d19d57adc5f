import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseTrustAnchor } from '../../src/attestation/trust-anchor.ts'
import { createVerificationCache } from '../../src/attestation/verification-cache.ts'
import { openAuditTrail } from '../../src/audit/audit-trail.ts'
import { parseBase64 } from '../../src/core/base64.ts'
import { MovableClock, systemClock } from '../../src/core/clock.ts'
import type { JsonObject, JsonValue } from '../../src/core/json.ts'
import { parseJson } from '../../src/core/json.ts'
import { partitionOfRegion } from '../../src/core/partition.ts'
import { systemRandom } from '../../src/core/random.ts'
import { createDecisionLog } from '../../src/decisions/decision-log.ts'
import type { DecisionRecord } from '../../src/decisions/decision-record.ts'
import { createDirectory } from '../../src/identity/directory.ts'
import { toPartition } from '../../src/identity/principal-partition.ts'
import type { AuthenticatedCaller, Principal } from '../../src/identity/principal.ts'
import { toUser } from '../../src/identity/user.ts'
import { generateDataKeyPair } from '../../src/keys/data-key-pair.ts'
import { createGrantTokens } from '../../src/keys/grant-tokens.ts'
import { createKeyPairStock } from '../../src/keys/key-pair-stock.ts'
import { createKeyRing } from '../../src/keys/key-ring.ts'
import { parseRootKey } from '../../src/keys/root-key.ts'
import type { Answer, Call } from '../../src/operations/call.ts'
import { KmsError } from '../../src/operations/errors.ts'
import { OPERATIONS } from '../../src/operations/index.ts'
import { createPolicyReader } from '../../src/operations/policy-reader.ts'
import { runOperation } from '../../src/operations/run.ts'
import type { Services } from '../../src/operations/services.ts'
import { createLabPki } from '../../src/simulator/lab-pki.ts'
import { openSqliteStore } from '../../src/store/sqlite-store.ts'

export const ACCOUNT = '111122223333'
export const OTHER_ACCOUNT = '444455556666'
const REGION = 'us-east-1'

/** The lab whose root the services of these tests trust. */
export const labPki = createLabPki({ seed: 'operations under test' })

const ALLOW_ALL = [{ Effect: 'Allow', Action: '*', Resource: '*' }]

/** A user whose identity policy has these statements; by default one that allows everything. */
export function makeUser(
  name: string,
  statements: readonly object[] = ALLOW_ALL,
  account = ACCOUNT,
): Principal {
  const document = JSON.stringify({ Version: '2012-10-17', Statement: statements })
  return toUser({ accountId: account, name }, statements.length === 0 ? [] : [{ name: 'own', document }])
}

export const admin = makeUser('admin')
/** Allowed nothing by an identity policy. */
export const nobody = makeUser('nobody', [])
export const stranger = makeUser('stranger', ALLOW_ALL, OTHER_ACCOUNT)

/** What a call is made with beside its input. */
export interface CallOptions {
  readonly as?: Principal
  readonly region?: string
  readonly origin?: Partial<Call['origin']>
}

/** The members of answers that tests look into; not every answer has them. */
export interface Members {
  readonly [member: string]: unknown
  readonly KeyId: string
  readonly Policy: string
  readonly Plaintext: string
  readonly PublicKey: string
  readonly CiphertextBlob: string
  readonly PrivateKeyCiphertextBlob: string
  readonly CiphertextForRecipient: string
  readonly KeyMetadata: Readonly<Record<string, unknown>>
  readonly Keys: readonly Readonly<Record<string, string>>[]
  readonly Aliases: readonly Readonly<Record<string, unknown>>[]
  readonly NextMarker: string | undefined
}

/** A refusal as the caller sees it. */
export interface Refusal {
  readonly code: string
  readonly text: string | null
  readonly reason: string | null
}

/** A whole service but for the network: a real store in a temporary folder, real keys, real verification. */
export function makeService(changes: Partial<Services> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'attested-kms-operations-'))
  const rootKey = parseRootKey(systemRandom.bytes(32), systemRandom)
  const store = openSqliteStore({
    file: join(folder, 'store.sqlite'),
    stamp: { mode: 'lab', rootKeyId: rootKey.id },
  })
  const audit = openAuditTrail({ directory: join(folder, 'audit'), clock: systemClock, random: systemRandom })
  const clock = new MovableClock(systemClock)
  const label = { name: 'lab', partitions: ['aws', 'aws-cn'] as const, source: 'test' }
  const services: Services = {
    store,
    keyRing: createKeyRing({ store, rootKey, random: systemRandom, limit: 64 }),
    keyPairs: createKeyPairStock({
      targets: new Map(),
      lanes: 1,
      waitingLimit: 8,
      generate: (spec) => generateDataKeyPair(spec, systemRandom),
    }),
    grantTokens: createGrantTokens(rootKey, systemRandom),
    clock,
    random: systemRandom,
    anchors: [parseTrustAnchor(labPki.rootCertificate, label)],
    attestation: { clock: systemClock, cache: createVerificationCache() },
    identities: createDirectory(
      [],
      [{ accountId: ACCOUNT, userNames: ['admin', 'nobody', 'enclave'], roleNames: ['host'] }],
    ),
    decisions: createDecisionLog({ perCaller: 1000, callers: 100 }),
    audit,
    policies: createPolicyReader(),
    ...changes,
  }
  let requests = 0
  let lastRequestId = ''

  async function answer(name: string, input: object = {}, options: CallOptions = {}): Promise<Answer> {
    const operation = OPERATIONS.get(name)
    if (!operation) throw new TypeError(`there is no operation ${name}`)
    lastRequestId = `request-${++requests}`
    return runOperation(services, operation, makeCall(lastRequestId, input, options))
  }

  return {
    services,
    clock,
    store,
    /** Where the audit trail lies. */
    auditDirectory: join(folder, 'audit'),
    /** Runs an operation and gives its whole answer. */
    answer,
    /** Runs an operation and gives the members of its answer. */
    async ask(name: string, input: object = {}, options: CallOptions = {}): Promise<Members> {
      // A test that counts on a member that is not there fails on its value.
      return { ...(await answer(name, input, options)).body } as unknown as Members
    },
    /** Runs an operation that must be refused with a `KmsError`. */
    async refusal(name: string, input: object = {}, options: CallOptions = {}): Promise<Refusal> {
      try {
        const { body } = await answer(name, input, options)
        throw new Error(`${name} was answered with ${Object.keys(body ?? {}).join(', ')}`)
      } catch (error) {
        if (!(error instanceof KmsError)) throw error
        const { code, text, reason } = error
        return { code, text, reason }
      }
    },
    /** Makes a key and gives its ARN. */
    async newKey(input: object = {}, options: CallOptions = {}): Promise<string> {
      const { body } = await answer('CreateKey', input, options)
      const { KeyMetadata } = { ...body } as unknown as Members
      return String(KeyMetadata['Arn'])
    },
    lastRecord(): DecisionRecord {
      const record = services.decisions.find(lastRequestId)
      if (!record) throw new Error('the last request left no record')
      return record
    },
    async close(): Promise<void> {
      services.keyPairs.close()
      await audit.close()
      await store.close()
      rmSync(folder, { recursive: true })
    },
  }
}

export type TestService = ReturnType<typeof makeService>

/** A call as the HTTP room makes it, from the JSON that a client would send. */
function makeCall(requestId: string, input: object, options: CallOptions): Call {
  const { as = admin, region = REGION, origin = {} } = options
  // The brand says that a signature was verified; here nobody signs.
  const caller = {
    principal: toPartition(as, partitionOfRegion(region)),
    accessKeyId: 'AKIATESTTESTTESTTEST',
    region,
  } as unknown as AuthenticatedCaller
  return {
    requestId,
    caller,
    input: parseJson(JSON.stringify(input)) as JsonObject,
    receivedAt: new Date(),
    origin: {
      address: '127.0.0.1',
      userAgent: 'test',
      secureTransport: false,
      viaService: null,
      sourceArn: null,
      ...origin,
    },
  }
}

/** A blob of an answer. */
export function bytesOf(value: JsonValue | undefined): Uint8Array {
  if (typeof value !== 'string') throw new TypeError('there is no such blob')
  return parseBase64(value)
}

/** Bytes as a request writes them. */
export function base64(bytes: Uint8Array | string): string {
  return Buffer.from(bytes).toString('base64')
}

/** The key id at the end of an ARN. */
export function idOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}

/** A key policy with the statements, whose resource is `*`, and one that leaves the rest to the account. */
export function keyPolicy(...statements: readonly object[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => Object.assign({ Resource: '*' }, statement)),
  })
}

/** The statement that leaves everything, or the given actions, to the identity policies of the account. */
export function delegation(action: string | readonly string[] = 'kms:*'): object {
  return { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: action }
}
