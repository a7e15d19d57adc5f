import type {
  DecisionRecord,
  RecordedAttestation,
  RecordedCaller,
  RecordedDecision,
} from '../decisions/decision-record.ts'
import type { Decision } from '../policy/decision.ts'
import type { Call } from './call.ts'
import type { ConditionKeys } from './condition-keys.ts'
import type { KmsError } from './errors.ts'
import type { RecipientVerdict, RejectedRecipient } from './recipient-verdict.ts'

/** What is noted of a request while it goes from step to step; the one thing that steps change. */
export interface DecisionNotes {
  keyArn: string | null
  /** What policies are asked about: the ARNs of keys and aliases, or `*`. */
  resources: readonly string[]
  verdict: RecipientVerdict
  readonly decisions: RecordedDecision[]
}

/** How much of a value that came with a request is kept. */
const VALUE_LIMIT_CHARACTERS = 1024
const VALUES_LIMIT = 64
/** Above what caller, key and a document with all its PCRs give; the rest are pairs of an encryption context. */
const KEYS_LIMIT = 128

/** A decision with everything that led to it, values that came with the request cut to a bounded size. */
export function recordedDecision(
  decision: Decision,
  {
    permission,
    resource,
    conditionKeys,
  }: {
    readonly permission: string
    readonly resource: string
    readonly conditionKeys: ConditionKeys
  },
): RecordedDecision {
  return {
    action: permission,
    resource,
    outcome: decision.outcome,
    by: decision.by,
    conditionKeys: Object.fromEntries(
      [...conditionKeys].slice(0, KEYS_LIMIT).map(([name, value]) => [cut(name), bounded(value)]),
    ),
    statements: decision.statements.map(({ index, mismatch, ...statement }) => ({
      ...statement,
      statement: index,
      mismatch: mismatch && { ...mismatch, actual: mismatch.actual.slice(0, VALUES_LIMIT).map(cut) },
    })),
    grants: decision.grants
      .slice(0, VALUES_LIMIT)
      .map(({ name, mismatch }) => ({ grant: name, mismatch: mismatch && cut(mismatch) })),
    reasons: decision.reasons,
  }
}

/** The record of a request that has come to its end; `refusal` is `null` where it was answered. */
export function toDecisionRecord(
  {
    operation,
    call,
    notes,
  }: {
    readonly operation: string
    readonly call: Call
    readonly notes: DecisionNotes
  },
  refusal: KmsError | null,
): DecisionRecord {
  const { region } = call.caller
  const attestation = recordedAttestation(notes.verdict)
  return {
    requestId: call.requestId,
    time: call.receivedAt.toISOString(),
    operation,
    region,
    caller: recordedCaller(call.caller),
    keyArn: notes.keyArn,
    attestation,
    decisions: notes.decisions,
    result: {
      outcome: refusal ? 'refused' : 'answered',
      error: refusal?.code ?? null,
      message: refusal?.text ? cut(refusal.text) : null,
      reason: refusal ? (attestation?.code ?? null) : null,
    },
  }
}

/** Who called, as records tell it. */
export function recordedCaller({ principal, accessKeyId }: Call['caller']): RecordedCaller {
  const { arn, accountId, session } = principal
  return {
    arn,
    accountId,
    accessKeyId,
    roleArn: session?.roleArn ?? null,
    credentialsIssuedAt: session?.issuedAt.toISOString() ?? null,
  }
}

function recordedAttestation(verdict: RecipientVerdict): RecordedAttestation | null {
  if (verdict.verdict === 'absent') return null
  if (verdict.verdict === 'rejected') return recordedRejection(verdict)
  const { kind, moduleId, timestamp, evaluationClock, evaluatedAt } = verdict.attestation
  return {
    verdict: 'accepted',
    code: null,
    message: null,
    kind,
    moduleId,
    timestamp: timestamp.toISOString(),
    clock: evaluationClock,
    judgedAt: evaluatedAt.toISOString(),
    checks: verdict.checks,
  }
}

/** What nobody vouches for is kept too, since it is what the operator looks for. */
function recordedRejection({
  error,
  checks,
  unverified,
  clock,
  judgedAt,
}: RejectedRecipient): RecordedAttestation {
  return {
    verdict: 'rejected',
    code: error.code,
    message: error.message,
    kind: unverified.kind,
    moduleId: unverified.document?.moduleId ?? null,
    timestamp: unverified.document?.timestamp?.toISOString() ?? null,
    clock,
    judgedAt: judgedAt?.toISOString() ?? null,
    checks,
  }
}

function bounded(value: string | readonly string[]): string | readonly string[] {
  return typeof value === 'string' ? cut(value) : value.slice(0, VALUES_LIMIT).map(cut)
}

function cut(text: string): string {
  return text.length > VALUE_LIMIT_CHARACTERS ? `${text.slice(0, VALUE_LIMIT_CHARACTERS)}…` : text
}
