import { parseArn } from '../core/arn.ts'

/** Who asks, as a policy question names him. */
export interface QuestionPrincipal {
  /** ARN of the user, of the session of a role, or of the root user. */
  readonly arn: string
  /** Twelve digits. */
  readonly account: string
  readonly kind: 'user' | 'role-session' | 'root'
  /** The role of a session, where its path matters; session ARNs do not hold the path. */
  readonly roleArn?: string
}

/** Who asks, taken apart. */
export interface Caller {
  readonly arn: string
  /** `null` but for sessions. */
  readonly roleArn: string | null
  readonly partition: string
  readonly accountId: string
  readonly isRoot: boolean
}

/** Takes a principal apart; `undefined` where its members do not agree, so that nothing can be decided. */
export function readCaller(principal: QuestionPrincipal): Caller | undefined {
  const arn = parseArn(principal.arn)
  if (!arn || arn.accountId !== principal.account || !/^\d{12}$/.test(principal.account)) return undefined
  const { type, name } = splitName(arn.resource)
  const kind = KINDS.get(`${arn.service}:${type}`)
  if (kind !== principal.kind) return undefined
  const { partition, accountId } = arn
  const caller = { arn: principal.arn, partition, accountId, isRoot: kind === 'root' }
  if (kind !== 'role-session') return { ...caller, roleArn: null }
  const roleArn = principal.roleArn ?? `arn:${partition}:iam::${accountId}:role/${name}`
  return isRoleNamed(roleArn, { partition, accountId, name }) ? { ...caller, roleArn } : undefined
}

/** Whether a role is the one that a session tells of: of the same account, with the same name behind any path. */
function isRoleNamed(
  roleArn: string,
  { partition, accountId, name }: Pick<Caller, 'partition' | 'accountId'> & { readonly name: string },
): boolean {
  const prefix = `arn:${partition}:iam::${accountId}:role/`
  return roleArn.startsWith(prefix) && name !== '' && `/${roleArn.slice(prefix.length)}`.endsWith(`/${name}`)
}

/** `user/alice` and the like: what stands before the first slash, and before the second. */
function splitName(resource: string): { readonly type: string; readonly name: string } {
  const type = resource.replace(/\/.*$/s, '')
  return { type, name: resource.slice(type.length + 1).replace(/\/.*$/s, '') }
}

const KINDS: ReadonlyMap<string, QuestionPrincipal['kind']> = new Map([
  ['iam:user', 'user'],
  ['iam:root', 'root'],
  ['sts:assumed-role', 'role-session'],
])
