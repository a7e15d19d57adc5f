import type { DecisionRecord, RecordedDecision } from '../decisions/decision-record.ts'
import { recordedCaller } from '../operations/decision-notes.ts'
import { AssumeRole } from './assume-role.ts'
import { toStsFacts } from './audit-facts.ts'
import type { Members, StsAction, StsCall, StsServices } from './call.ts'
import { StsError } from './errors.ts'
import type { Form } from './form.ts'
import { GetCallerIdentity } from './get-caller-identity.ts'

const ACTIONS: ReadonlyMap<string, StsAction> = new Map(
  [AssumeRole, GetCallerIdentity].map((action) => [action.name, action]),
)

/** The only version of the API (AWS STS API Reference). */
const VERSION = '2011-06-15'

/** Finds the action that a request asks for. Throws `MissingAction`, `InvalidAction`. */
export function findAction(form: Form): StsAction {
  const name = form.get('Action')
  if (name === undefined) throw new StsError('MissingAction', 'The request names no Action.')
  const version = form.get('Version') ?? 'NO_VERSION_SPECIFIED'
  const action = version === VERSION ? ACTIONS.get(name) : undefined
  if (action) return action
  throw new StsError(
    'InvalidAction',
    `Could not find operation ${name.slice(0, 64)} for version ${version.slice(0, 32)}`,
  )
}

/**
 * Takes one request through its action, and leaves an audit record and a decision record of it, whatever its end. Throws a
 * `StsError` and nothing else: what nobody foresaw becomes `InternalFailure`, its cause kept for the log.
 */
export function runAction(services: StsServices, action: StsAction, call: StsCall): Members {
  const decisions: RecordedDecision[] = []
  const handled = toOutcome(() =>
    action.handle({ services, call, note: (decision) => decisions.push(decision) }),
  )
  // What leaves no trace must not be answered.
  const kept = toOutcome(() => services.audit.record(toStsFacts({ action, call }, handled)))
  const refusal = kept.refusal ?? handled.refusal
  services.decisions.record(toRecord({ action, call, decisions }, refusal))
  if (kept.refusal) throw kept.refusal
  if (handled.refusal) throw handled.refusal
  return handled.members
}

type Outcome<Result> =
  | { readonly members: Result; readonly refusal: null }
  | { readonly members: null; readonly refusal: StsError }

function toOutcome<Result>(act: () => Result): Outcome<Result> {
  try {
    return { members: act(), refusal: null }
  } catch (error) {
    const refusal =
      error instanceof StsError
        ? error
        : new StsError('InternalFailure', 'Internal failure.', { cause: error })
    return { members: null, refusal }
  }
}

interface Ended {
  readonly action: StsAction
  readonly call: StsCall
  readonly decisions: readonly RecordedDecision[]
}

function toRecord({ action, call, decisions }: Ended, refusal: StsError | null): DecisionRecord {
  const { region } = call.caller
  return {
    requestId: call.requestId,
    time: call.receivedAt.toISOString(),
    operation: action.name,
    region,
    caller: recordedCaller(call.caller),
    keyArn: null,
    attestation: null,
    decisions,
    result: {
      outcome: refusal ? 'refused' : 'answered',
      error: refusal?.code ?? null,
      message: refusal?.message ?? null,
      reason: null,
    },
  }
}
