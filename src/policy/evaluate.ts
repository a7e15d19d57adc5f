import { parseArn } from '../core/arn.ts'
import { foldAction } from './action.ts'
import type { Caller, QuestionPrincipal } from './caller.ts'
import { readCaller } from './caller.ts'
import { toConditionContext } from './condition.ts'
import type { Decision, StatementTrace } from './decision.ts'
import type { Policy, UnreadablePolicy } from './document.ts'
import { explainVerdict } from './explain-verdict.ts'
import type { StatementRequest } from './match-statement.ts'
import { matchStatement } from './match-statement.ts'
import { splitResource } from './resource.ts'
import type { Finding, KeyRelation } from './verdict.ts'
import { reachVerdict } from './verdict.ts'

/** Who wants to do what to which key, and the policies that have a say. */
export interface PolicyQuestion {
  /** `null` for an operation without a key: identity policies alone decide. */
  readonly keyArn: string | null
  /** `null` beside a key is a policy that could not be read. */
  readonly keyPolicy: Policy | UnreadablePolicy | null
  readonly principal: QuestionPrincipal
  /** Such as `kms:Decrypt`. */
  readonly action: string
  /** What identity policies compare with `Resource`; by default the key, or `*` where there is none. */
  readonly resource?: string
  readonly identityPolicies: readonly {
    readonly name: string
    readonly policy: Policy | UnreadablePolicy | null
  }[]
  /** Condition keys and their values; names may be in any case. */
  readonly context: ReadonlyMap<string, string | readonly string[]>
}

/**
 * Decides (AWS KMS Developer Guide, Determining access to AWS KMS keys; IAM User Guide, Policy evaluation logic):
 * an explicit deny in any policy wins. A key policy lets in whom it names of its own account. Where it names the
 * account, it lets in the root user, and gives the identity policies of the account their say on what the statement
 * covers. Callers of another account need both the key policy and an identity policy. Without a key, identity policies
 * decide. While a policy cannot be read, nothing is allowed, for it may hold a deny. Pure, and throws nothing.
 */
export function evaluate(question: PolicyQuestion): Decision {
  const caller = readCaller(question.principal)
  const key = readKey(question, caller)
  if (!caller || !key) {
    const what = caller ? 'the ARN of the key is none' : 'ARN, account and kind of the principal do not agree'
    return {
      outcome: 'implicit-deny',
      by: null,
      statements: [],
      reasons: [`Nothing can be decided: ${what}.`],
      denial: question.keyArn === null ? 'no-identity-policy' : 'no-resource-policy',
    }
  }
  const shared = {
    caller,
    keyPartition: key.partition,
    action: question.action,
    foldedAction: foldAction(question.action),
    context: toConditionContext(question.context),
  }
  const findings = [...findInKeyPolicy(question, shared), ...findInIdentityPolicies(question, shared)]
  const unreadable = listUnreadable(question)
  const verdict = reachVerdict({
    findings,
    unreadable: unreadable.length > 0,
    relation: key.relation,
    caller,
  })
  const reasons = explainVerdict(verdict, { findings, unreadable, relation: key.relation, request: shared })
  return { ...verdict, statements: findings.map(toTrace), reasons }
}

type SharedRequest = Omit<StatementRequest, 'resource' | 'resourceParts'>

function readKey(
  { keyArn }: PolicyQuestion,
  caller: Caller | undefined,
): { readonly partition: string; readonly relation: KeyRelation } | undefined {
  if (keyArn === null) return { partition: caller?.partition ?? '', relation: 'no-key' }
  const arn = parseArn(keyArn)
  if (!arn || arn.service !== 'kms') return undefined
  const own = arn.partition === caller?.partition && arn.accountId === caller.accountId
  return { partition: arn.partition, relation: own ? 'own-account' : 'other-account' }
}

function findInKeyPolicy({ keyArn, keyPolicy }: PolicyQuestion, shared: SharedRequest): readonly Finding[] {
  if (keyArn === null || !isReadable(keyPolicy)) return []
  const request = { ...shared, resource: keyArn, resourceParts: splitResource(keyArn) }
  return keyPolicy.statements.map((statement) => ({
    ...matchStatement(statement, request),
    kind: 'key',
    policy: KEY_POLICY,
  }))
}

function findInIdentityPolicies(question: PolicyQuestion, shared: SharedRequest): readonly Finding[] {
  const resource = question.resource ?? question.keyArn ?? '*'
  const request = { ...shared, resource, resourceParts: splitResource(resource) }
  return question.identityPolicies.flatMap(({ name, policy }) => {
    if (!isReadable(policy)) return []
    return policy.statements.map((statement) => ({
      ...matchStatement(statement, request),
      kind: 'identity' as const,
      policy: identityLabel(name),
    }))
  })
}

/** Policies that have a say and cannot be read, each with its reason in words. */
function listUnreadable({ keyArn, keyPolicy, identityPolicies }: PolicyQuestion): readonly string[] {
  const all = identityPolicies.map(({ name, policy }) => ({
    label: identityLabel(name),
    policy,
    kind: 'identity',
  }))
  if (keyArn !== null || keyPolicy !== null)
    all.unshift({ label: KEY_POLICY, policy: keyPolicy, kind: 'key' })
  return all.flatMap(({ label, policy, kind }) => {
    if (isReadable(policy) && policy.kind === kind && (kind === 'identity' || keyArn !== null)) return []
    const why = policy && 'unreadable' in policy ? policy.unreadable : 'it is missing, or of the wrong kind'
    return [`The ${label} cannot be used: ${why}.`]
  })
}

const KEY_POLICY = 'key policy'

function identityLabel(name: string): string {
  return `identity policy ${name}`
}

function isReadable(policy: Policy | UnreadablePolicy | null): policy is Policy {
  return policy !== null && 'statements' in policy
}

function toTrace({ policy, statement, mismatch }: Finding): StatementTrace {
  const { index, sid, effect } = statement
  return { policy, index, sid, effect, matched: mismatch === null, mismatch }
}
