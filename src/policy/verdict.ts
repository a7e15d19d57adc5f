import type { Caller } from './caller.ts'
import type { Decision } from './decision.ts'
import type { DenialClause } from './denial-clause.ts'
import type { GrantMatch } from './match-grant.ts'
import type { StatementMatch } from './match-statement.ts'
import type { Reach } from './reach.ts'

/** How the caller stands to the key. */
export type KeyRelation = 'no-key' | 'own-account' | 'other-account'

/** What a policy does for a caller: of a key; of an identity; or a limit to what these allow. */
export type PolicyRole = 'key' | 'identity' | 'boundary' | 'session'

/** A statement's match, and whose statement it is. */
export interface Finding extends StatementMatch {
  readonly kind: PolicyRole
  /** For people: which policy. */
  readonly policy: string
}

/** What the statements and grants add up to. */
export interface Verdict extends Pick<Decision, 'outcome' | 'by' | 'denial'> {
  /** The statements that brought it about; none for an implicit deny. */
  readonly decisive: readonly Finding[]
  /** The grant that let the caller in, if one did. */
  readonly grant: GrantMatch | null
}

/** What a verdict is reached from. */
export interface Evidence {
  readonly findings: readonly Finding[]
  readonly grants: readonly GrantMatch[]
  /** Whether a policy that has a say cannot be read. */
  readonly unreadable: boolean
  readonly relation: KeyRelation
  readonly caller: Caller
  /** Which limits there are. */
  readonly limits: readonly Limit[]
}

/** A kind of policy that allows nothing by itself: where there is one, it must allow besides. */
export type Limit = 'boundary' | 'session'

/** Adds statements and grants up; the rules are told at `evaluate`. */
export function reachVerdict(evidence: Evidence): Verdict {
  const { findings, unreadable, relation } = evidence
  const matched = findings.filter((finding) => finding.mismatch === null)
  const denies = matched.filter(({ statement }) => statement.effect === 'Deny')
  if (denies[0]) {
    const denial = denyClause(denies[0].kind, relation)
    return { outcome: 'explicit-deny', by: null, denial, decisive: denies, grant: null }
  }
  const allows = sortAllows(matched, evidence)
  const verdict = unreadable
    ? undefined
    : relation === 'own-account'
      ? inOwnAccount(allows)
      : elsewhere(allows, relation)
  if (verdict) return verdict
  return {
    outcome: 'implicit-deny',
    by: null,
    denial: implicitClause(allows, relation),
    decisive: [],
    grant: null,
  }
}

interface Allows {
  readonly key: readonly Finding[]
  readonly identity: readonly Finding[]
  readonly grants: readonly GrantMatch[]
  /** The first limit that does not allow. */
  readonly missing: Limit | undefined
  /** Whether the caller, taken in in a certain way, needs the consent of the limits and has it not. */
  readonly isLimited: (reach: Reach | null) => boolean
}

function sortAllows(matched: readonly Finding[], { caller, grants, limits }: Evidence): Allows {
  const of = (kind: PolicyRole): readonly Finding[] => matched.filter((finding) => finding.kind === kind)
  const missing = limits.filter((limit) => of(limit).length === 0)
  return {
    key: of('key'),
    identity: of('identity'),
    grants: grants.filter(({ mismatch }) => mismatch === null),
    missing: missing[0],
    isLimited: (reach) =>
      // Whoever is named in person is not limited; but a session policy of one who is no role's session came with his
      // credentials, which then are not those of the person named.
      reach === 'named' ? missing.includes('session') && caller.roleArn === null : missing.length > 0,
  }
}

/** The key's own account: the key policy or a grant lets in by itself whom it names, or lets identity policies decide. */
function inOwnAccount({ key, identity, grants, missing, isLimited }: Allows): Verdict | undefined {
  const letsIn = ({ reach }: { readonly reach: Reach | null }): boolean =>
    reach !== 'account' && !isLimited(reach)
  const inKey = key.filter(letsIn)
  if (inKey[0]) return allow('key-policy', inKey)
  const delegated = missing === undefined && identity[0] !== undefined
  if (delegated && key[0]) return allow('identity-policy', [...identity, ...key])
  const granted = grants.find((grant) => letsIn(grant) || delegated)
  return granted && allow('grant', granted.reach === 'account' ? identity : [], granted)
}

/** Without a key identity policies decide alone; for a key of another account both sides must allow. */
function elsewhere({ key, identity, grants, missing }: Allows, relation: KeyRelation): Verdict | undefined {
  if (missing !== undefined || !identity[0]) return undefined
  if (relation === 'no-key') return allow('identity-policy', identity)
  if (key[0]) return allow('identity-policy', [...identity, ...key])
  // Whether AWS wants the identity policy beside a grant too is not documented, so it is wanted.
  return grants[0] && allow('grant', identity, grants[0])
}

function allow(
  by: NonNullable<Verdict['by']>,
  decisive: readonly Finding[],
  grant: GrantMatch | null = null,
): Verdict {
  return { outcome: 'allow', by, denial: null, decisive, grant }
}

/** Findings come policy by policy, the key policy first, so where several deny, that is the one that is told of. */
function denyClause(kind: PolicyRole, relation: KeyRelation): DenialClause {
  if (kind === 'key' && relation === 'other-account') return 'foreign-resource'
  return DENIES[kind]
}

const DENIES = {
  key: 'deny-in-resource-policy',
  identity: 'deny-in-identity-policy',
  boundary: 'deny-in-permissions-boundary',
  session: 'deny-in-session-policy',
} as const

const LIMITS = { boundary: 'no-permissions-boundary', session: 'no-session-policy' } as const

/** Where the key's side leaves the matter to the caller's policies, one of these is what is missing; else the key policy is. */
function implicitClause({ key, identity, grants, missing }: Allows, relation: KeyRelation): DenialClause {
  const keySide = [...key, ...grants]
  if (relation !== 'no-key' && keySide.length === 0) {
    return relation === 'own-account' ? 'no-resource-policy' : 'foreign-resource'
  }
  const alone = relation === 'own-account' && keySide.some(({ reach }) => reach !== 'account')
  return missing !== undefined && (alone || identity.length > 0) ? LIMITS[missing] : 'no-identity-policy'
}
