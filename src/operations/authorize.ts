import type { Decision } from '../policy/decision.ts'
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
import { toDecidableGrant, toParentGrant } from './decidable-grant.ts'
import { decide, type Question } from './decide.ts'
import { type DecisionNotes, recordedDecision } from './decision-notes.ts'
import { findGrants } from './find-grants.ts'
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
 * it has none that is accepted; and where they do not allow it, the grants. Rejects with `AccessDeniedException` at the
 * first that is not allowed.
 */
export async function authorize(request: Request): Promise<void> {
  for (const resource of request.subject.resources) {
    conclude(request, resource, await askAll(request, resource))
  }
}

/** A grant only allows, so grants are looked at where nothing else allows and nothing denies, some at a time. */
async function askAll(request: Request, resource: Resource): Promise<Asked> {
  const question = questionOf(request, resource)
  const { policies } = request.services
  let asked = { question, decision: decide(policies, question) }
  if (asked.decision.outcome !== 'implicit-deny') return asked
  for await (const grants of grantsFor(request, resource)) {
    asked = { question, decision: decide(policies, { ...question, grants }) }
    if (asked.decision.outcome === 'allow') break
  }
  return asked
}

/**
 * Asks once more about a key of the request whose policy has changed since. No grant lets anybody do what takes this, for
 * grants are about the use of a key. Throws `AccessDeniedException`.
 */
export function reauthorize(request: Request, record: KeyRecord): void {
  for (const resource of request.subject.resources) {
    const { key } = resource
    if (key?.record.keyId !== record.keyId || key.record.policy === record.policy) continue
    const changed = { ...resource, key: { ...key, record } }
    const question = questionOf(request, changed)
    conclude(request, changed, { question, decision: decide(request.services.policies, question) })
  }
}

/** Whether the caller may be told of a key's policy and of the document: it is a matter of his own account. */
export function isOwnAccount({ key }: Pick<Resource, 'key'>, { caller }: Call): boolean {
  return key === null || key.record.accountId === caller.principal.accountId
}

type Grants = NonNullable<Resource['grants']>

async function* grantsFor(
  request: Request,
  { key, grants, permission }: Resource,
): AsyncGenerator<Grants, void> {
  const { services, operation, call, input } = request
  if (grants) yield grants
  if (grants || key === null) return
  const child = operation.newGrant?.(input)
  for await (const records of findGrants(services, call, {
    permission: permission ?? operation.permission,
    key,
  })) {
    yield records.map((record) => (child ? toParentGrant(record, child) : toDecidableGrant(record)))
  }
}

interface Asked {
  readonly question: Question
  readonly decision: Decision
}

/** What the policies are asked; the grants come behind it. */
function questionOf(request: Request, resource: Resource): Question {
  const { services, operation, call, input } = request
  const policy = resource.key && services.policies.read(resource.key.record.policy, 'key')
  const { EncryptionContext: context } = input
  return {
    principal: call.caller.principal,
    permission: resource.permission ?? operation.permission,
    key: policy && { arn: resource.arn, policy },
    resource: resource.arn,
    conditionKeys: conditionKeysOf(request, resource),
    ...(context instanceof Map && { encryptionContext: context as ReadonlyMap<string, string> }),
  }
}

/** Notes a decision, and throws where it is not to allow. */
function conclude(request: Request, resource: Resource, { question, decision }: Asked): void {
  const { call, verdict, notes } = request
  const { principal, permission } = question
  notes.decisions.push(recordedDecision(decision, question))
  if (decision.outcome === 'allow') return

  const own = isOwnAccount(resource, call)
  const reason = own && verdict.verdict === 'rejected' ? { reason: verdict.error.code } : {}
  // Of another account's key nothing is told but to callers whom its policy lets in.
  const { denial } = decision
  const clause = denial === null || (!own && denial !== 'no-identity-policy') ? 'foreign-resource' : denial
  throw accessDenied({ principal, permission, phrase: resource.phrase, clause }, reason)
}

function conditionKeysOf(
  { operation, call, input, subject, aliases, verdict }: Request,
  resource: Resource,
): ConditionKeys {
  return new Map([
    ...callConditionKeys(call),
    ...resourceConditionKeys(resource, call),
    ...aliasConditionKeys(aliases, resource),
    ...memberConditionKeys(input),
    ...Object.entries(operation.conditionKeys?.(input, call, subject) ?? {}),
    ...(verdict.verdict === 'accepted' ? attestationConditionKeys(verdict.attestation) : []),
  ])
}
