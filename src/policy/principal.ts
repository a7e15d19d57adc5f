import { parseArn } from '../core/arn.ts'
import type { JsonValue } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import { isPartition } from '../core/partition.ts'
import { PolicyError } from './errors.ts'
import { quote } from './quote.ts'
import { parseTextList } from './text-list.ts'

/** Whom a statement of a key policy is about. */
export interface Principals {
  /** `NotPrincipal` means everybody but those listed. */
  readonly element: 'Principal' | 'NotPrincipal'
  /** As they were written. */
  readonly texts: readonly string[]
  readonly anyone: boolean
  /** The accounts as they were written: numbers, and ARNs of root users. */
  readonly accountTexts: readonly string[]
  /** Accounts, as `<partition>:<number>`; a bare number has no partition in front of the colon. */
  readonly accounts: ReadonlySet<string>
  /** ARNs of users, roles and sessions. */
  readonly arns: ReadonlySet<string>
}

/** Users, roles, and sessions of roles and federated users (IAM User Guide, AWS JSON policy elements: Principal). */
const NAMED = [
  { service: 'iam', resource: /^(?:user|role)\/[\w+=,.@/-]+$/ },
  { service: 'sts', resource: /^(?:assumed-role\/[\w+=,.@-]+|federated-user)\/[\w+=,.@-]+$/ },
]

/** Kinds of principals that no caller here is of, with the form of their names: they are read and match nobody. */
const OTHERS: ReadonlyMap<string, RegExp> = new Map([
  ['Service', /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/],
  // Names of identity providers, and ARNs of SAML and OpenID Connect providers.
  ['Federated', /^[\w+=,.:@/-]+$/],
  ['CanonicalUser', /^[\dA-Za-z]+$/],
])

/**
 * Reads `Principal` or `NotPrincipal`: `*`, or an object of `AWS`, `Service`, `Federated` and `CanonicalUser` with one
 * name or a list each. Wildcards inside an ARN are refused, as IAM does.
 * Throws `POLICY_PRINCIPAL_INVALID`, `POLICY_LIST_INVALID`.
 */
export function parsePrincipals(element: Principals['element'], value: JsonValue, path: string): Principals {
  if (value === '*') return toPrincipals(element, ['*'], [])
  if (!isJsonObject(value)) throw invalid(path, 'takes * or an object')
  const names: string[] = []
  const others: string[] = []
  for (const [type, listed] of Object.entries(value)) {
    const form = OTHERS.get(type)
    if (type !== 'AWS' && !form) throw invalid(path, `knows no ${quote(type)}`)
    const texts = parseTextList(listed, `${path}.${type}`)
    const wrong = texts.find((text) => !(form ? form.test(text) : isAwsName(text)))
    if (wrong !== undefined) throw invalid(path, `${quote(wrong)} is no principal`)
    ;(form ? others : names).push(...texts)
  }
  if (names.length + others.length === 0) throw invalid(path, 'names nobody')
  return toPrincipals(element, names, others)
}

function isAwsName(name: string): boolean {
  return name === '*' || toAccount(name) !== undefined || isNamed(name)
}

function invalid(path: string, what: string): PolicyError {
  return new PolicyError('POLICY_PRINCIPAL_INVALID', `${path} ${what}`)
}

function toPrincipals(
  element: Principals['element'],
  names: readonly string[],
  others: readonly string[],
): Principals {
  return {
    element,
    texts: [...names, ...others],
    anyone: names.includes('*'),
    accountTexts: names.filter((name) => toAccount(name) !== undefined),
    accounts: new Set(names.flatMap((name) => toAccount(name) ?? [])),
    arns: new Set(names.filter(isNamed)),
  }
}

/** An account named by its number, or by the ARN of its root user, which means the same (IAM User Guide, Principal). */
function toAccount(name: string): string | undefined {
  if (/^\d{12}$/.test(name)) return `:${name}`
  const arn = parseIdentityArn(name)
  return arn?.service === 'iam' && arn.resource === 'root' ? `${arn.partition}:${arn.accountId}` : undefined
}

function isNamed(name: string): boolean {
  const arn = parseIdentityArn(name)
  return NAMED.some(({ service, resource }) => arn?.service === service && resource.test(arn.resource))
}

function parseIdentityArn(text: string): ReturnType<typeof parseArn> {
  const arn = parseArn(text)
  const fits = arn && isPartition(arn.partition) && arn.region === '' && /^\d{12}$/.test(arn.accountId)
  return fits ? arn : undefined
}
