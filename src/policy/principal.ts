import { parseArn } from '../core/arn.ts'
import type { JsonValue } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import { isPartition } from '../core/partition.ts'
import { PolicyError } from './errors.ts'
import { quote } from './quote.ts'
import { parseTextList } from './text-list.ts'
import { refuseUnsupported } from './unsupported.ts'

/** Whom a statement of a key policy is about. */
export interface Principals {
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
const SERVICE_NAME = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/

/**
 * Reads `Principal`: `*`, or an object of `AWS` and `Service` with one name or a list each. Service principals are
 * read and match nobody, because no service calls here. Wildcards inside an ARN are refused, as IAM does.
 * Throws `POLICY_PRINCIPAL_INVALID`, `POLICY_LIST_INVALID`, `POLICY_NOT_SUPPORTED`.
 */
export function parsePrincipals(value: JsonValue, path: string): Principals {
  if (value === '*') return toPrincipals(['*'], [])
  if (!isJsonObject(value)) throw invalid(path, 'takes * or an object')
  let names: readonly string[] = []
  let services: readonly string[] = []
  for (const [type, listed] of Object.entries(value)) {
    const inner = `${path}.${type}`
    if (type === 'AWS') names = parseTextList(listed, inner)
    else if (type === 'Service') services = parseTextList(listed, inner)
    else if (type === 'Federated' || type === 'CanonicalUser') refuseUnsupported(inner)
    else throw invalid(path, `knows no ${quote(type)}`)
  }
  if (names.length + services.length === 0) throw invalid(path, 'names nobody')
  const wrong =
    names.find((name) => name !== '*' && !toAccount(name) && !isNamed(name)) ??
    services.find((name) => !SERVICE_NAME.test(name))
  if (wrong !== undefined) throw invalid(path, `${quote(wrong)} is no principal`)
  return toPrincipals(names, services)
}

function invalid(path: string, what: string): PolicyError {
  return new PolicyError('POLICY_PRINCIPAL_INVALID', `${path} ${what}`)
}

function toPrincipals(names: readonly string[], services: readonly string[]): Principals {
  return {
    texts: [...names, ...services],
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
