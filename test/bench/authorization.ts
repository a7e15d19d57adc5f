import { createHash, createSecretKey } from 'node:crypto'
import { systemClock } from '../../src/core/clock.ts'
import { systemRandom } from '../../src/core/random.ts'
import { createAuthenticate } from '../../src/http/authenticate.ts'
import { createDirectory } from '../../src/identity/directory.ts'
import { LAB_ACCESS_KEY, LAB_ACCOUNT_ID } from '../../src/identity/lab-identity.ts'
import { createSessionTokens } from '../../src/identity/session-token.ts'
import { parsePolicy } from '../../src/policy/document.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { makeLargePolicy } from './large-policy.ts'
import { signRequest } from './signed-request.ts'
import { percentile, round } from './statistics.ts'

/** How much is measured: timed calls of each kind. */
export interface AuthorizationBench {
  readonly calls: number
}

/** Microseconds a call, and the same by what SHA-256 of 32 KB costs here: the absolute figures are the machine's. */
interface CallTimes {
  readonly p50: number
  readonly p99: number
  readonly byHashOf32Kb: number
}

/** What the steps in front of an operation cost. */
export interface AuthorizationReport {
  readonly policy: { readonly bytes: number; readonly statements: number }
  /** A decision that looks at every statement and finds the last one. */
  readonly decisionAllowed: CallTimes
  /** One that is refused, with its reasons put into words. */
  readonly decisionDenied: CallTimes
  /** Reading the policy, which is done once a text. */
  readonly parse: CallTimes
  /** A request signed with a key that was seen before: once a day a secret is derived. */
  readonly signature: CallTimes
}

const ROLE_SESSION = `arn:aws:sts::${LAB_ACCOUNT_ID}:assumed-role/enclave-host/i-0123456789abcdef0`
const KEY_ARN = `arn:aws:kms:us-east-1:${LAB_ACCOUNT_ID}:key/1234abcd-12ab-34cd-56ef-1234567890ab`

/** Measures decisions over a policy of the largest size, and the verification of signatures, in this process. */
export function measureAuthorization({ calls }: AuthorizationBench): AuthorizationReport {
  const { text, statements, image } = makeLargePolicy({ accountId: LAB_ACCOUNT_ID, role: 'enclave-host' })
  const keyPolicy = parsePolicy(text, 'key')
  const block = new Uint8Array(32_768)
  const bare = time(calls, () => createHash('sha256').update(block).digest()).p50
  const measure = (act: () => void, times = calls): CallTimes => {
    const { p50, p99 } = time(times, act)
    return { p50, p99, byHashOf32Kb: round(p50 / bare, 2) }
  }
  const decide = (measurement: string, outcome: string) => () => {
    const decision = evaluate({
      keyArn: KEY_ARN,
      keyPolicy,
      principal: { arn: ROLE_SESSION, account: LAB_ACCOUNT_ID, kind: 'role-session' },
      action: 'kms:Decrypt',
      identityPolicies: [],
      context: new Map([['kms:RecipientAttestation:ImageSha384', measurement]]),
    })
    if (decision.outcome !== outcome) throw new Error(`the bench expects ${outcome}`)
  }
  return {
    policy: { bytes: Buffer.byteLength(text), statements },
    decisionAllowed: measure(decide(image, 'allow')),
    decisionDenied: measure(decide('0'.repeat(96), 'implicit-deny')),
    parse: measure(() => parsePolicy(text, 'key'), Math.ceil(calls / 20)),
    signature: measure(makeSignatureCheck()),
  }
}

/** Verifies one signed request again and again, as the listener does. */
function makeSignatureCheck(): () => void {
  const authenticate = createAuthenticate(
    {
      identities: createDirectory([LAB_ACCESS_KEY], []),
      sessions: createSessionTokens(createSecretKey(systemRandom.bytes(32)), systemRandom),
      clock: systemClock,
      random: systemRandom,
    },
    'kms',
  )
  const message = Buffer.from(
    signRequest({ host: '127.0.0.1:4599', operation: 'Decrypt', body: { CiphertextBlob: 'A'.repeat(400) } }),
  )
  const end = message.indexOf('\r\n\r\n')
  const body = message.subarray(end + 4)
  const headers = new Map(
    message
      .toString('latin1', 0, end)
      .split('\r\n')
      .slice(1)
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const request = { method: 'POST', path: '/', header: (name: string) => headers.get(name) ?? null }
  return () => {
    authenticate(request, body)
  }
}

function time(calls: number, act: () => void): { readonly p50: number; readonly p99: number } {
  for (let call = 0; call < calls; call++) act()
  const times = new Float64Array(calls)
  for (let call = 0; call < calls; call++) {
    const from = process.hrtime.bigint()
    act()
    times[call] = Number(process.hrtime.bigint() - from) / 1000
  }
  times.sort()
  return { p50: round(percentile(times, 0.5)), p99: round(percentile(times, 0.99)) }
}
