import type { JsonObject } from '../../src/core/json.ts'
import type { Contender, OperationReport, Pace } from './comparison.ts'
import { compareOperation, CONNECTIONS } from './comparison.ts'
import type { DocumentSource } from './documents.ts'
import type { Figures, MeasuredSlice } from './figures.ts'
import { measureSlice, toFigures } from './figures.ts'
import type { LoadGenerator } from './load.ts'
import type { BenchOperation } from './operations.ts'
import { prepareSubject } from './operations.ts'
import { signRequest } from './signed-request.ts'
import type { Target } from './target.ts'
import { hostOf } from './target.ts'

/** How many documents stand in the requests of the repeated kind. */
const REPEATED_DOCUMENTS = 16
/** Longer than any slice of a counted number of calls takes. */
const NO_LIMIT_MILLISECONDS = 30_000

/** An operation with a `Recipient`. */
interface AttestedReport {
  /** Each document is sent for the first time, under a leaf that is known: one P-384 signature is verified a call. */
  readonly freshDocuments: Readonly<Record<string, Figures>>
  /** Sixteen documents in turn, their signatures known after the first. */
  readonly repeatedDocuments: OperationReport['connections']
}

/** What attested operations are measured with. `freshCalls`: calls of one slice, by the number of connections. */
export interface AttestedBench {
  readonly generator: LoadGenerator
  readonly documents: DocumentSource
  readonly pace: Pace
  readonly freshCalls: Readonly<Record<number, number>>
}

/** Puts a key under a policy that names a measurement, and measures operations on it. */
export async function measureAttested(
  target: Target,
  operations: readonly BenchOperation[],
  bench: AttestedBench,
): Promise<Readonly<Record<string, AttestedReport>>> {
  const subject = await prepareSubject(target, attestedPolicy(bench.documents.pcr0))
  const repeated = bench.documents.underOneLeaf(REPEATED_DOCUMENTS)
  const reports: Record<string, AttestedReport> = {}
  for (const operation of operations) {
    const contender = { target, subject }
    const { connections } = await compareOperation(withRecipient(operation, repeated), [contender], bench)
    reports[operation.name] = {
      freshDocuments: await measureFresh(operation, contender, bench),
      repeatedDocuments: connections,
    }
  }
  return reports
}

async function measureFresh(
  operation: BenchOperation,
  { target, subject }: Contender,
  { generator, documents, pace, freshCalls }: AttestedBench,
): Promise<Readonly<Record<string, Figures>>> {
  const figures: Record<string, Figures> = {}
  for (const connections of CONNECTIONS) {
    const calls = freshCalls[connections] ?? 0
    const slices: MeasuredSlice[] = []
    for (let turn = 0; turn < pace.rounds; turn++) {
      const { body } = withRecipient(operation, documents.underOneLeaf(calls))
      const requests = Array.from({ length: calls }, (_, number) =>
        signRequest({ host: hostOf(target), operation: operation.operation, body: body(subject, number) }),
      )
      const until = { milliseconds: NO_LIMIT_MILLISECONDS, calls }
      slices.push(
        await measureSlice(generator, target, { requests, connections, until, member: operation.member }),
      )
    }
    figures[connections] = toFigures(slices)
  }
  return figures
}

function withRecipient(operation: BenchOperation, documents: readonly Uint8Array[]): BenchOperation {
  const recipients = documents.map((document): JsonObject => ({
    KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
    AttestationDocument: Buffer.from(document).toString('base64'),
  }))
  return {
    ...operation,
    body: (subject, number) => ({
      ...operation.body(subject, number),
      Recipient: recipients[number % recipients.length] ?? null,
    }),
  }
}

/** Releases to one measurement only, as a key policy of the real service would be written. */
function attestedPolicy(pcr0: string): string {
  const account = { AWS: 'arn:aws:iam::111122223333:root' }
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: account,
        Action: ['kms:DescribeKey', 'kms:PutKeyPolicy', 'kms:Encrypt'],
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Principal: account,
        Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyPair'],
        Resource: '*',
        Condition: { StringEqualsIgnoreCase: { 'kms:RecipientAttestation:PCR0': pcr0 } },
      },
    ],
  })
}
