import { parseArn } from '../core/arn.ts'
import type { QuestionPrincipal } from '../policy/caller.ts'
import type { Principals } from '../policy/principal.ts'
import type { Statement } from '../policy/statement.ts'
import type { LintSubject } from './subject.ts'

/** Somebody to try calls with. */
export interface Candidate {
  readonly principal: QuestionPrincipal
  /** Whether an identity policy of his own allows him what he tries. */
  readonly hasIdentityPolicy: boolean
}

/** How many of those that a statement names are tried, and how many of those that the policy singles out. */
const LIMIT = 8
/** An account that nobody has a relation to. */
const STRANGERS = ['999900001111', '999900002222'] as const

/**
 * Whom to try a statement with: those it names, and for an account one of its members, its root user, and those of it
 * that the policy singles out. The holder of an identity policy is a user of the key's account.
 */
export function candidatesOf(subject: LintSubject, statement: Statement): readonly Candidate[] {
  const { principals } = statement
  if (!principals) return [holderOf(subject)]
  const named = [...principals.arns].slice(0, LIMIT).flatMap((arn) => toCandidate(subject, arn))
  const accounts = [...principals.accounts]
    .slice(0, LIMIT)
    .map((text) => splitAccount(text, subject.partition))
  return [
    ...(principals.anyone ? [strangerTo(subject), memberOf(subject, false), memberOf(subject, true)] : []),
    ...named,
    ...accounts.flatMap((account) => membersOf(subject, account)),
    ...(principals.anyone || accounts.length > 0 ? singledOutBy(subject, statement) : []),
  ]
}

/** The principal that an ARN of a user, role or session names, as he calls; nothing where callers of that kind are not known. */
export function toCandidate(subject: LintSubject, arn: string): readonly Candidate[] {
  const parsed = parseArn(arn)
  if (!parsed) return []
  const { partition, accountId, service, resource } = parsed
  const [type, ...rest] = resource.split('/')
  // Callers of another account need an identity policy there.
  const own = accountId === subject.accountId && partition === subject.partition
  const toTry = (principal: QuestionPrincipal): readonly Candidate[] => [
    { principal, hasIdentityPolicy: !own },
  ]
  if (service === 'iam' && type === 'user') return toTry({ arn, account: accountId, kind: 'user' })
  if (service === 'iam' && type === 'role') {
    const session = `arn:${partition}:sts::${accountId}:assumed-role/${rest.at(-1) ?? ''}/any-session`
    return toTry({ arn: session, account: accountId, kind: 'role-session', roleArn: arn })
  }
  if (type === 'assumed-role') return toTry({ arn, account: accountId, kind: 'role-session' })
  return []
}

/** Whether a principal is named in person: as a user, a session or a role, or with everybody. */
export function namesInPerson(principals: Principals, { arn, roleArn }: QuestionPrincipal): boolean {
  return (
    principals.anyone || principals.arns.has(arn) || (roleArn !== undefined && principals.arns.has(roleArn))
  )
}

/** The ARN that grants and policies name a principal by: of a session, that of its role. */
export function standingArn({ arn, roleArn }: QuestionPrincipal): string {
  return roleArn ?? arn
}

interface Account {
  readonly partition: string
  readonly accountId: string
}

/** Accounts as `Principals` has them: `<partition>:<number>`, the partition left out for that of the key. */
function splitAccount(text: string, ownPartition: string): Account {
  const [partition = '', accountId = ''] = text.split(':')
  return { partition: partition === '' ? ownPartition : partition, accountId }
}

function membersOf(subject: LintSubject, { partition, accountId }: Account): readonly Candidate[] {
  const own = accountId === subject.accountId && partition === subject.partition
  const user = {
    arn: `arn:${partition}:iam::${accountId}:user/anybody`,
    account: accountId,
    kind: 'user',
  } as const
  const root = { arn: `arn:${partition}:iam::${accountId}:root`, account: accountId, kind: 'root' } as const
  return [
    { principal: user, hasIdentityPolicy: true },
    { principal: root, hasIdentityPolicy: !own },
  ]
}

function memberOf({ partition, accountId }: LintSubject, hasIdentityPolicy: boolean): Candidate {
  const arn = `arn:${partition}:iam::${accountId}:user/anybody`
  return { principal: { arn, account: accountId, kind: 'user' }, hasIdentityPolicy }
}

function strangerTo({ partition, accountId }: LintSubject): Candidate {
  const account = STRANGERS.find((number) => number !== accountId) ?? STRANGERS[0]
  const arn = `arn:${partition}:iam::${account}:user/stranger`
  return { principal: { arn, account, kind: 'user' }, hasIdentityPolicy: true }
}

/** Of an identity policy: nobody but that policy says what he may. */
function holderOf({ partition, accountId }: LintSubject): Candidate {
  const arn = `arn:${partition}:iam::${accountId}:user/holder`
  return { principal: { arn, account: accountId, kind: 'user' }, hasIdentityPolicy: false }
}

/**
 * Those of an account, or of everybody, whom the policy treats in a way of its own: by `aws:PrincipalArn`, in the
 * statement itself or in another, by `NotPrincipal`, or by naming them.
 */
function singledOutBy(subject: LintSubject, statement: Statement): readonly Candidate[] {
  const { statements } = subject.policy
  const compared = [statement, ...statements]
    .flatMap(({ conditions }) => conditions)
    .flatMap(({ foldedKey, expected }) => (foldedKey === 'aws:principalarn' ? expected : []))
    .map((arn) => arn.replaceAll('*', 'x').replaceAll('?', 'x'))
  const exempt = statements.filter(({ principals }) => principals?.element === 'NotPrincipal')
  const named = [...exempt, ...statements].flatMap(({ principals }) => Array.from(principals?.arns ?? []))
  return [...new Set([...compared, ...named])]
    .slice(0, LIMIT)
    .flatMap((arn) => toCandidate(subject, arn))
    .map(({ principal }) => ({ principal, hasIdentityPolicy: true }))
}
