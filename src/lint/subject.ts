import { parseArn } from '../core/arn.ts'
import type { JsonObject, JsonValue } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import { isPartition } from '../core/partition.ts'
import { foldKey } from '../policy/condition-context.ts'
import type { Policy } from '../policy/document.ts'
import type { PolicyKind, Statement } from '../policy/statement.ts'
import { isAboutAttestation, SPELLINGS } from './attestation-key.ts'
import type { Prover } from './prover.ts'

/** A policy, and what all rules need to know of it. */
export interface LintSubject {
  readonly policy: Policy
  readonly kind: PolicyKind
  /** The document as it was written. */
  readonly document: JsonObject
  /** The statements as they were written, by their index. */
  readonly written: readonly JsonObject[]
  /** The key that calls are tried on. */
  readonly keyArn: string
  /** Whether that is known to be the key that the policy is of. */
  readonly keyIsKnown: boolean
  readonly partition: string
  readonly accountId: string
  /** Condition keys and policy variables that the policy names, folded, and how it spells them. */
  readonly spellings: ReadonlyMap<string, string>
  readonly prover: Prover
}

/** What a subject is made of. */
export interface SubjectParts {
  readonly policy: Policy
  readonly document: JsonObject
  readonly keyArn: string | undefined
  readonly prover: Prover
}

/** Gathers what the rules need to know of a policy. */
export function toSubject({ policy, document, keyArn, prover }: SubjectParts): LintSubject {
  const known = keyArn === undefined ? undefined : parseArn(keyArn)
  const arn = known ? keyArn : undefined
  const tried = arn ?? guessKeyArn(policy)
  const { partition = 'aws', accountId = ANY_ACCOUNT } = parseArn(tried) ?? {}
  return {
    policy,
    kind: policy.kind,
    document,
    written: statementsOf(document),
    keyArn: tried,
    keyIsKnown: arn !== undefined,
    partition,
    accountId,
    spellings: spellingsOf(policy),
    prover,
  }
}

/** Statements as they were written; one may stand without a list. */
export function statementsOf(document: JsonObject): readonly JsonObject[] {
  const value: JsonValue | undefined = document['Statement']
  const list = Array.isArray(value) ? (value as readonly JsonValue[]) : [value]
  return list.filter(isJsonObject)
}

/** Whether a policy has a condition that is about attestation, or was meant to be. */
export function asksForAttestation({ statements }: Policy): boolean {
  return statements.some(isConditional)
}

/** Whether a statement has such a condition. */
export function isConditional({ conditions }: Statement): boolean {
  return conditions.some(({ foldedKey }) => isAboutAttestation(foldedKey))
}

const ANY_ACCOUNT = '111122223333'
const ANY_KEY = 'key/1234abcd-12ab-34cd-56ef-1234567890ab'

/** A Region of each partition. */
const REGIONS: ReadonlyMap<string, string> = new Map([
  ['aws', 'us-east-1'],
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
  ['aws-eusc', 'eusc-de-east-1'],
  ['aws-iso', 'us-iso-east-1'],
  ['aws-iso-b', 'us-isob-east-1'],
  ['aws-iso-e', 'eu-isoe-west-1'],
  ['aws-iso-f', 'us-isof-south-1'],
])

/** ARN of a key in an account. */
function someKeyArn(partition: string, accountId: string): string {
  return `arn:${partition}:kms:${REGIONS.get(partition) ?? 'us-east-1'}:${accountId}:${ANY_KEY}`
}

/** A key of the account that the policy seems to be of: the one it delegates to, else the first that it names. */
function guessKeyArn(policy: Policy): string {
  const resources = policy.statements.flatMap(({ resources: list }) => list?.patterns ?? [])
  const key = resources.find(isKeyArn)
  if (key !== undefined) return key
  const principals = policy.statements.flatMap(({ principals: who }) => (who ? [who] : []))
  const names = [
    ...principals.flatMap(({ accountTexts }) => accountTexts),
    ...principals.flatMap(({ arns }) => Array.from(arns)),
    ...resources,
  ]
  for (const name of names) {
    if (/^\d{12}$/.test(name)) return someKeyArn('aws', name)
    const arn = parseArn(name)
    if (arn && isPartition(arn.partition) && /^\d{12}$/.test(arn.accountId)) {
      return someKeyArn(arn.partition, arn.accountId)
    }
  }
  return someKeyArn('aws', ANY_ACCOUNT)
}

/** The key that a statement is tried on: of an identity policy, one that its `Resource` is about. */
export function triedKeyArn(subject: LintSubject, { resources }: Statement): string {
  const { kind, keyArn, partition, accountId } = subject
  if (kind === 'key' || resources?.element !== 'Resource' || resources.patterns.includes('*')) return keyArn
  const pattern = resources.patterns.find((text) => text.split(':')[2] === 'kms' && !text.includes('${'))
  if (pattern === undefined) return keyArn
  const parts = someKeyArn(partition, accountId).split(':')
  const filled = pattern.split(':').map((part, at) => {
    if (part === '*') return parts[at] ?? part
    const named = part.startsWith('key/') && part.includes('*') ? part.replace('*', '1234abcd') : part
    return named.replaceAll('*', '1').replaceAll('?', '1')
  })
  return filled.join(':')
}

/** Whether a text is the ARN of one key, without wildcards and variables. */
export function isKeyArn(text: string): boolean {
  const arn = parseArn(text)
  return (
    arn?.service === 'kms' &&
    arn.resource.startsWith('key/') &&
    !/[*?$]/.test(text) &&
    /^\d{12}$/.test(arn.accountId)
  )
}

function spellingsOf({ statements }: Policy): ReadonlyMap<string, string> {
  const spellings = new Map<string, string>()
  const note = (key: string): void => {
    const folded = foldKey(key)
    if (!spellings.has(folded)) spellings.set(folded, SPELLINGS.get(folded) ?? key)
  }
  for (const { conditions, resources } of statements) {
    for (const { key } of conditions) note(key)
    for (const { variables } of conditions) variables.forEach(note)
    resources?.variables.forEach(note)
  }
  return spellings
}
