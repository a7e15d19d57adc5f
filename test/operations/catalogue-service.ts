import { AWS_NITRO_ROOT } from '../../src/attestation/roots/aws-nitro.ts'
import type { TrustAnchor } from '../../src/attestation/trust-anchor.ts'
import { parseTrustAnchor } from '../../src/attestation/trust-anchor.ts'
import { createVerificationCache } from '../../src/attestation/verification-cache.ts'
import { unsafeEvaluationTime } from '../../src/attestation/verify-options.ts'
import { systemRandom } from '../../src/core/random.ts'
import type { DecisionRecord } from '../../src/decisions/decision-record.ts'
import { createAdmission, DEFAULT_ADMISSION_LIMITS } from '../../src/http/admission.ts'
import { createKmsApp } from '../../src/http/app.ts'
import { bindOperations } from '../../src/http/bind-operations.ts'
import { createLog } from '../../src/http/log.ts'
import { createMetrics } from '../../src/http/metrics.ts'
import { unsafeAllowUnsigned } from '../../src/http/unsigned-caller.ts'
import type { WebApp } from '../../src/http/web.ts'
import { makeSessionTokens } from '../http/an-app.ts'
import type { Verification } from '../simulator/code-from-verifier.ts'
import { admin, makeService, type TestService } from './a-service.ts'

/** An answer as it stands on the wire, and what was recorded of the request. */
export interface WireAnswer {
  readonly status: number
  readonly text: string
  /** The header that says why a document was refused. */
  readonly reason: string | null
  readonly record: DecisionRecord | undefined
}

/** A whole service but for sockets, which can be put into every setting that the catalogue asks for. */
export interface CatalogueService {
  /** What it is made of, to make keys and ciphertexts with. */
  readonly whole: TestService
  /** Calls an operation with a document, under the clock, the roots and the age limit that it is to be verified with. */
  call(operation: string, input: object, verification: Verification): Promise<WireAnswer>
}

/** Under the document's clock the present time must not matter. */
const ANY_TIME = new Date('2048-12-31T00:00:00Z')

/** Makes the service. Requests come in unsigned, as in a lab that was started so. */
export function makeCatalogueService(): CatalogueService {
  const service = makeService()
  const cache = createVerificationCache()
  return {
    whole: service,
    async call(operation, input, { document, now, roots, maxAgeSeconds }) {
      const time = now === 'document' ? ANY_TIME : now
      const services: typeof service.services = {
        ...service.services,
        anchors: roots.map(toAnchor),
        attestation: {
          clock: { now: () => time },
          cache,
          ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
          ...(now === 'document' && { [unsafeEvaluationTime]: now }),
        },
      }
      const recipient = {
        AttestationDocument: Buffer.from(document).toString('base64'),
        KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
      }
      const answer = await makeApp(services).request('http://127.0.0.1:4599/', {
        method: 'POST',
        headers: {
          host: '127.0.0.1:4599',
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': `TrentService.${operation}`,
        },
        body: JSON.stringify({ ...input, Recipient: recipient }),
      })
      return {
        status: answer.status,
        text: await answer.text(),
        reason: answer.headers.get('x-attested-kms-reason'),
        record: services.decisions.find(answer.headers.get('x-amzn-requestid') ?? ''),
      }
    },
  }
}

function makeApp(services: Parameters<typeof bindOperations>[0]): WebApp {
  const { audit, clock, decisions, identities, policies } = services
  const admission = createAdmission(DEFAULT_ADMISSION_LIMITS)
  return createKmsApp({
    operations: bindOperations(services),
    identities,
    policies,
    sessions: makeSessionTokens(),
    clock,
    random: systemRandom,
    admission,
    audit,
    decisions,
    log: createLog({ sink: () => undefined, clock, unsafe: [] }),
    metrics: createMetrics(admission.inFlight),
    unsafe: [],
    anchors: [],
    [unsafeAllowUnsigned]: { principal: admin },
  })
}

/** As `--attestation-root` would read it; the roots of AWS are built in. */
function toAnchor(root: Uint8Array | 'aws'): TrustAnchor {
  if (root === 'aws') return AWS_NITRO_ROOT
  return parseTrustAnchor(root, { name: 'lab', partitions: ['aws'], source: 'test' })
}
