import { parseArn } from '../core/arn.ts'
import { foldAction } from './action.ts'
import type { Caller, QuestionPrincipal } from './caller.ts'
import { readCaller } from './caller.ts'
import { toConditionContext } from './condition-context.ts'
import type { Decision, GrantTrace, StatementTrace } from './decision.ts'
import type { Policy, UnreadablePolicy } from './document.ts'
import { explainVerdict } from './explain-verdict.ts'
import type { Grant, UnreadableGrant } from './grant.ts'
import type { GrantMatch } from './match-grant.ts'
import { matchGrant } from './match-grant.ts'
import type { StatementRequest } from './match-statement.ts'
import { matchStatement } from './match-statement.ts'
import type { ResourceKind, ResourceKindRow } from './resource-kind.ts'
import { RESOURCE_KINDS } from './resource-kind.ts'
import { splitResource } from './resource-parts.ts'
import type { PolicyKind } from './statement.ts'
import type { Finding, KeyRelation, Limit, PolicyRole } from './verdict.ts'
import { reachVerdict } from './verdict.ts'

/** Who wants to do what to which key, and the policies that have a say. */
export interface PolicyQuestion {
  /** `null` for an operation without a key: identity policies alone decide. */
  readonly keyArn: string | null
  /** `null` beside a key is a policy that could not be read. */
  readonly keyPolicy: Policy | UnreadablePolicy | null
  /** By default a key; for `role`, `keyArn` and `keyPolicy` are ARN and trust policy of a role. */
  readonly resourceKind?: ResourceKind
  readonly principal: QuestionPrincipal
  /** Such as `kms:Decrypt`. */
  readonly action: string
  /** What identity policies compare with `Resource`; by default the key, or `*` where there is none. */
  readonly resource?: string
  readonly identityPolicies: readonly NamedPolicy[]
  /** Absent or `null` where the caller has none. */
  readonly permissionsBoundary?: Policy | UnreadablePolicy | null
  /** Policies of the caller's session: one of them must allow where there are any. */
  readonly sessionPolicies?: readonly NamedPolicy[]
  /** Grants of the key. */
  readonly grants?: readonly (Grant | UnreadableGrant)[]
  /** Condition keys and their values; names may be in any case. */
  readonly context: ReadonlyMap<string, string | readonly string[]>
  /** What grant constraints are held against; policies see `context` alone. */
  readonly encryptionContext?: ReadonlyMap<string, string>
}

/** A policy of the caller, with a name for people. */
export interface NamedPolicy {
  readonly name: string
  readonly policy: Policy | UnreadablePolicy | null
}

/**
 * Decides (AWS KMS Developer Guide, Determining access to AWS KMS keys; IAM User Guide, Policy evaluation logic):
 * an explicit deny in any policy wins. A key policy lets in whom it names of its own account. Where it names the
 * account, it lets in the root user, and gives the identity policies of the account their say on what the statement
 * covers. A grant lets in its grantee as a key policy would. Callers of another account need both the key's side and an
 * identity policy. Without a key, identity policies decide. Permissions boundary and session policies must allow
 * besides, but for callers that the key policy or a grant names in person: a user, a session, everyone. While a policy
 * cannot be read, nothing is allowed, for it may hold a deny. Pure, and throws nothing.
 */
export function evaluate(question: PolicyQuestion): Decision {
  const resourceKind = RESOURCE_KINDS[question.resourceKind ?? 'key']
  const caller = readCaller(question.principal)
  const key = readKey(question, resourceKind, caller)
  if (!caller || !key) {
    const what = caller
      ? `the ARN of the ${resourceKind.name} is none`
      : 'ARN, account and kind of the principal do not agree'
    return cannotDecide(question, what)
  }
  const shared = {
    caller,
    bounded: (question.permissionsBoundary ?? null) !== null,
    keyPartition: key.partition,
    action: question.action,
    foldedAction: foldAction(question.action),
    context: toConditionContext(question.context),
  }
  const policies = listPolicies(question, resourceKind)
  const findings = policies.flatMap((policy) => findInPolicy(policy, question, shared))
  const grants = findInGrants(question, shared)
  const unreadable = policies.flatMap(whyUnreadable)
  const { relation } = key
  const verdict = reachVerdict({
    findings,
    grants,
    unreadable: unreadable.length > 0,
    relation,
    caller,
    limits: LIMITS.filter((limit) => policies.some(({ kind }) => kind === limit)),
  })
  const reasons = explainVerdict(verdict, {
    findings,
    grants,
    unreadable,
    relation,
    resourceKind,
    request: shared,
  })
  const { outcome, denial } = verdict
  const by = verdict.by === 'key-policy' ? resourceKind.by : verdict.by
  return { outcome, by, denial, statements: findings.map(toTrace), grants: grants.map(toGrantTrace), reasons }
}

function cannotDecide({ keyArn }: PolicyQuestion, what: string): Decision {
  return {
    outcome: 'implicit-deny',
    by: null,
    statements: [],
    grants: [],
    reasons: [`Nothing can be decided: ${what}.`],
    denial: keyArn === null ? 'no-identity-policy' : 'no-resource-policy',
  }
}

const LIMITS: readonly Limit[] = ['boundary', 'session']

type SharedRequest = Omit<StatementRequest, 'resource' | 'resourceParts'>

function readKey(
  { keyArn }: PolicyQuestion,
  { service }: ResourceKindRow,
  caller: Caller | undefined,
): { readonly partition: string; readonly relation: KeyRelation } | undefined {
  if (keyArn === null) return { partition: caller?.partition ?? '', relation: 'no-key' }
  const arn = parseArn(keyArn)
  if (!arn || arn.service !== service) return undefined
  const own = arn.partition === caller?.partition && arn.accountId === caller.accountId
  return { partition: arn.partition, relation: own ? 'own-account' : 'other-account' }
}

/** A policy that has a say. */
interface Party {
  readonly kind: PolicyRole
  readonly label: string
  readonly policy: Policy | UnreadablePolicy | null
  /** What it has to be written as; `null` where it can have no say: without a key there is no key policy. */
  readonly language: PolicyKind | null
}

/** All policies that have a say, the key policy first. */
function listPolicies(
  question: PolicyQuestion,
  { policyKind, policyName }: ResourceKindRow,
): readonly Party[] {
  const { keyArn, keyPolicy, permissionsBoundary, sessionPolicies = [] } = question
  const language = keyArn === null ? null : policyKind
  const key = { kind: 'key', label: policyName, policy: keyPolicy, language } as const
  const boundary = permissionsBoundary && {
    kind: 'boundary' as const,
    label: 'permissions boundary',
    policy: permissionsBoundary,
    language: 'identity' as const,
  }
  return [
    ...(keyArn !== null || keyPolicy !== null ? [key] : []),
    ...question.identityPolicies.map((one) => toParty('identity', `identity policy ${one.name}`, one)),
    ...(boundary ? [boundary] : []),
    ...sessionPolicies.map((one) => toParty('session', `session policy ${one.name}`, one)),
  ]
}

function toParty(kind: 'identity' | 'session', label: string, { policy }: NamedPolicy): Party {
  return { kind, label, policy, language: 'identity' }
}

function findInPolicy(party: Party, question: PolicyQuestion, shared: SharedRequest): readonly Finding[] {
  const { kind, label, policy } = party
  if (!isUsable(party, policy)) return []
  const own = kind === 'key' ? undefined : question.resource
  const resource = own ?? question.keyArn ?? '*'
  const request = { ...shared, resource, resourceParts: splitResource(resource) }
  return policy.statements.map((statement) => {
    const { reach, mismatch } = matchStatement(statement, request)
    return { statement, reach, mismatch, kind, policy: label }
  })
}

function findInGrants(question: PolicyQuestion, shared: SharedRequest): readonly GrantMatch[] {
  const { keyArn, grants = [], encryptionContext = new Map<string, string>() } = question
  if (keyArn === null) return []
  return grants.map((grant) => matchGrant(grant, { ...shared, encryptionContext }))
}

/** Why a policy that has a say cannot be used; nothing where it can. */
function whyUnreadable(party: Party): readonly string[] {
  const { label, policy } = party
  if (isUsable(party, policy)) return []
  const why = policy && 'unreadable' in policy ? policy.unreadable : 'it is missing, or of the wrong kind'
  return [`The ${label} cannot be used: ${why}.`]
}

function isUsable({ language }: Party, policy: Party['policy']): policy is Policy {
  return policy !== null && 'statements' in policy && policy.kind === language
}

function toTrace({ policy, statement, mismatch }: Finding): StatementTrace {
  const { index, sid, effect } = statement
  return { policy, index, sid, effect, matched: mismatch === null, mismatch }
}

function toGrantTrace({ name, mismatch }: GrantMatch): GrantTrace {
  return { name, mismatch }
}
