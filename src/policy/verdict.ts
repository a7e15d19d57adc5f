import type { Caller } from './caller.ts'
import type { Decision } from './decision.ts'
import type { DenialClause } from './denial-clause.ts'
import type { StatementMatch } from './match-statement.ts'

/** How the caller stands to the key. */
export type KeyRelation = 'no-key' | 'own-account' | 'other-account'

/** A statement's match, and whose statement it is. */
export interface Finding extends StatementMatch {
  readonly kind: 'key' | 'identity'
  /** For people: which policy. */
  readonly policy: string
}

/** What the statements add up to. */
export interface Verdict extends Pick<Decision, 'outcome' | 'by' | 'denial'> {
  /** The statements that brought it about; none for an implicit deny. */
  readonly decisive: readonly Finding[]
}

/** What a verdict is reached from. */
export interface Evidence {
  readonly findings: readonly Finding[]
  /** Whether a policy that has a say cannot be read. */
  readonly unreadable: boolean
  readonly relation: KeyRelation
  readonly caller: Caller
}

/** Adds the statements up; the rules are told at `evaluate`. */
export function reachVerdict({ findings, unreadable, relation }: Evidence): Verdict {
  const matched = findings.filter((finding) => finding.mismatch === null)
  const denies = matched.filter(({ statement }) => statement.effect === 'Deny')
  if (denies[0]) {
    const denial = denyClause(denies[0].kind, relation)
    return { outcome: 'explicit-deny', by: null, denial, decisive: denies }
  }
  const allows = matched.filter(({ statement }) => statement.effect === 'Allow')
  const inKey = allows.filter(({ kind }) => kind === 'key')
  const inIdentity = allows.filter(({ kind }) => kind === 'identity')
  if (unreadable) return implicitDeny(relation, inKey)
  if (relation === 'no-key') return inIdentity[0] ? byIdentity(inIdentity) : implicitDeny(relation, inKey)
  const named = inKey.filter(({ reach }) => reach === 'named')
  if (relation === 'own-account' && named[0]) {
    return { outcome: 'allow', by: 'key-policy', denial: null, decisive: named }
  }
  return inKey[0] && inIdentity[0] ? byIdentity([...inIdentity, ...inKey]) : implicitDeny(relation, inKey)
}

function byIdentity(decisive: readonly Finding[]): Verdict {
  return { outcome: 'allow', by: 'identity-policy', denial: null, decisive }
}

/** Key policies come first among the findings, so where both deny, the key policy is the one that is told of. */
function denyClause(kind: Finding['kind'], relation: KeyRelation): DenialClause {
  if (kind === 'identity') return 'deny-in-identity-policy'
  return relation === 'other-account' ? 'foreign-resource' : 'deny-in-resource-policy'
}

/** Where the key policy leaves the matter to identity policies, these are what is missing; else the key policy is. */
function implicitDeny(relation: KeyRelation, keyAllows: readonly Finding[]): Verdict {
  const denial =
    relation === 'no-key' || keyAllows.length > 0
      ? 'no-identity-policy'
      : relation === 'own-account'
        ? 'no-resource-policy'
        : 'foreign-resource'
  return { outcome: 'implicit-deny', by: null, denial, decisive: [] }
}
