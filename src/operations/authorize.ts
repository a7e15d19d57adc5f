import type { KeyRecord } from '../store/key-store.ts'
import { accessDenied } from './access-denied.ts'
import { attestationConditionKeys } from './attestation-condition-keys.ts'
import type { Call } from './call.ts'
import { callConditionKeys } from './call-condition-keys.ts'
import {
  aliasConditionKeys,
  type ConditionKeys,
  memberConditionKeys,
  resourceConditionKeys,
} from './condition-keys.ts'
import { decide } from './decide.ts'
import { type DecisionNotes, recordedDecision } from './decision-notes.ts'
import type { Operation } from './operation.ts'
import type { RecipientVerdict } from './recipient-verdict.ts'
import type { ResourceAliases } from './resource-aliases.ts'
import type { Services } from './services.ts'
import type { Resource, Subject } from './subject.ts'

/** A request on its way, as far as it was read. */
export interface Request {
  readonly services: Services
  readonly operation: Operation
  readonly call: Call
  readonly input: Readonly<Record<string, unknown>>
  readonly subject: Subject
  readonly aliases: ResourceAliases
  readonly verdict: RecipientVerdict
  readonly notes: DecisionNotes
}

/**
 * Asks the policies about everything that a request works on, with the measurements of its document, or with none where
 * it has none that is accepted. Throws `AccessDeniedException` at the first that is not allowed.
 */
export function authorize(request: Request): void {
  for (const resource of request.subject.resources) authorizeOne(request, resource)
}

/** Asks once more about a key of the request whose policy has changed since. Throws `AccessDeniedException`. */
export function reauthorize(request: Request, record: KeyRecord): void {
  for (const resource of request.subject.resources) {
    const { key } = resource
    const changed = key?.record.keyId === record.keyId && key.record.policy !== record.policy
    if (changed) authorizeOne(request, { ...resource, key: { ...key, record } })
  }
}

/** Whether the caller may be told of a key's policy and of the document: it is a matter of his own account. */
export function isOwnAccount({ key }: Pick<Resource, 'key'>, { caller }: Call): boolean {
  return key === null || key.record.accountId === caller.principal.accountId
}

function authorizeOne(request: Request, resource: Resource): void {
  const { services, operation, call, verdict, notes } = request
  const { principal } = call.caller
  const permission = resource.permission ?? operation.permission
  const conditionKeys = conditionKeysOf(request, resource)
  const policy = resource.key && services.policies.read(resource.key.record.policy, 'key')
  const key = policy && { arn: resource.arn, policy }
  const decision = decide(services.policies, {
    principal,
    permission,
    key,
    resource: resource.arn,
    conditionKeys,
  })
  notes.decisions.push(recordedDecision(decision, { permission, resource: resource.arn, conditionKeys }))
  if (decision.outcome === 'allow') return

  const own = isOwnAccount(resource, call)
  const reason = own && verdict.verdict === 'rejected' ? { reason: verdict.error.code } : {}
  // Of another account's key nothing is told but to callers whom its policy lets in.
  const { denial } = decision
  const clause = denial === null || (!own && denial !== 'no-identity-policy') ? 'foreign-resource' : denial
  throw accessDenied({ principal, permission, phrase: resource.phrase, clause }, reason)
}

function conditionKeysOf(
  { operation, call, input, aliases, verdict }: Request,
  resource: Resource,
): ConditionKeys {
  return new Map([
    ...callConditionKeys(call),
    ...resourceConditionKeys(resource, call),
    ...aliasConditionKeys(aliases, resource),
    ...memberConditionKeys(input),
    ...Object.entries(operation.conditionKeys?.(input, call) ?? {}),
    ...(verdict.verdict === 'accepted' ? attestationConditionKeys(verdict.attestation) : []),
  ])
}
