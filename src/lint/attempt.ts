import type { JsonObject } from '../core/json.ts'
import type { ConditionContext } from '../policy/condition-context.ts'
import type { Decision } from '../policy/decision.ts'
import type { Policy } from '../policy/document.ts'
import { readStoredPolicy } from '../policy/document.ts'
import type { PolicyQuestion } from '../policy/evaluate.ts'
import { readGrant } from '../policy/grant.ts'
import type { Statement } from '../policy/statement.ts'
import type { Candidate } from './callers.ts'
import type { TriedDocument } from './documents.ts'
import type { CallCase, ProvenCall } from './finding.ts'
import { plainContext } from './request-context.ts'
import { escape, satisfy } from './satisfy.ts'
import type { LintSubject } from './subject.ts'
import { triedKeyArn } from './subject.ts'

/** A call that may get through. */
export interface Attempt {
  /** The allow that is to let it in. */
  readonly allow: Statement
  readonly candidate: Candidate
  readonly action: string
  readonly document: TriedDocument
  readonly keyArn?: string
  /** A grant that the call can rely on. */
  readonly grant?: JsonObject
  /** Condition keys that the call brings by itself, folded. */
  readonly own?: Readonly<Record<string, readonly string[]>>
}

/** How often a context is changed to get past one more deny. */
const ESCAPES = 4

/**
 * Looks for a request that gets through, and proves it by asking the evaluator; `undefined` where none was found. Keys
 * that callers can choose are given values that the policy is content with.
 */
export function findCall(subject: LintSubject, attempt: Attempt): ProvenCall | undefined {
  const { allow, candidate, document } = attempt
  const plain = plainContext(subject, candidate, attempt.own)
  if (subject.prover.isSpent()) return undefined
  // What a grant lets in needs no allow of the policy.
  let context = attempt.grant ? plain : satisfy(allow, plain)
  for (let turn = 0; context && turn <= ESCAPES; turn++) {
    const keys = withDocument(subject, context, document)
    const call = toCase(subject, attempt, keys)
    const decision = subject.prover.ask(toQuestion(subject, call))
    if (decision?.outcome === 'allow') return toProvenCall(call, decision, document.words)
    const denies = decision?.outcome === 'explicit-deny' ? matchedDenies(subject, decision) : []
    context = denies[0] && escape(denies[0], allow, context)
  }
  return undefined
}

/** The question that a case asks, with the policy that is looked at, or another in its place. */
export function toQuestion(
  subject: LintSubject,
  call: CallCase,
  policy: Policy = subject.policy,
): PolicyQuestion {
  const isKey = subject.kind === 'key'
  const identity = call.identityPolicies.map((document, at) => ({
    name: `identityPolicies[${at}]`,
    policy: readStoredPolicy(JSON.stringify(document), 'identity'),
  }))
  const given = call.keyPolicy && readStoredPolicy(JSON.stringify(call.keyPolicy), 'key')
  return {
    keyArn: call.keyArn,
    keyPolicy: given ?? (isKey ? policy : null),
    principal: call.principal,
    action: call.action,
    identityPolicies: isKey ? identity : [...identity, { name: 'the policy', policy }],
    grants: call.grants.map((grant, at) => readGrant(grant, `grants[${at}]`)),
    context: new Map(Object.entries(call.context)),
  }
}

const version = { Version: '2012-10-17' }

/** An identity policy for what is tried, and nothing else. */
function allowing(action: string): JsonObject {
  return { ...version, Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] }
}

/** The key policy that identity policies are tried with: it leaves everything to them. */
function delegatingPolicy({
  partition,
  accountId,
}: Pick<LintSubject, 'partition' | 'accountId'>): JsonObject {
  const AWS = `arn:${partition}:iam::${accountId}:root`
  return { ...version, Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'kms:*', Resource: '*' }] }
}

function toCase(subject: LintSubject, attempt: Attempt, keys: ConditionContext): CallCase {
  const { allow, candidate, action, keyArn = triedKeyArn(subject, allow), grant } = attempt
  const context = [...keys].map(([key, values]) => {
    const [only = ''] = values
    return [subject.spellings.get(key) ?? key, values.length === 1 ? only : values] as const
  })
  return {
    keyArn,
    ...(subject.kind === 'identity' && { keyPolicy: delegatingPolicy(subject) }),
    principal: candidate.principal,
    action,
    identityPolicies: candidate.hasIdentityPolicy ? [allowing(action)] : [],
    grants: grant ? [grant] : [],
    context: Object.fromEntries(context),
  }
}

/** Adds the measurements that the policy asks for. */
function withDocument(
  { spellings }: LintSubject,
  context: ConditionContext,
  { keys }: TriedDocument,
): ConditionContext {
  return new Map([...context, ...[...keys].filter(([key]) => spellings.has(key))])
}

/** What the evaluator said of a case that it allows. */
export function toProvenCall(call: CallCase, decision: Decision, words: string): ProvenCall | undefined {
  const { by, reasons } = decision
  // Of a key there is no trust policy.
  return by === null || by === 'trust-policy'
    ? undefined
    : { document: words, case: call, by, reason: reasons[0] ?? '' }
}

/** Statements of the policy that is looked at that deny a call. */
function matchedDenies(subject: LintSubject, decision: Decision): readonly Statement[] {
  const name = subject.kind === 'key' ? 'key policy' : 'identity policy the policy'
  return decision.statements
    .filter(({ policy, effect, matched }) => policy === name && effect === 'Deny' && matched)
    .flatMap(({ index }) => subject.policy.statements[index] ?? [])
}
