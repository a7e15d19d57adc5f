import type { DenialClause } from './denial-clause.ts'
import { LEAVES, place } from './place.ts'
import type { VerdictBackground } from './verdict-background.ts'

const LIMITS: ReadonlyMap<DenialClause | null, string> = new Map([
  ['no-permissions-boundary', 'The permissions boundary does not allow'],
  ['no-session-policy', 'No session policy allows'],
])

/** What is missing for an allow, in a sentence. */
export function summarize(
  denial: DenialClause | null,
  {
    findings,
    grants,
    relation,
    resourceKind,
    request,
  }: Pick<VerdictBackground, 'findings' | 'grants' | 'relation' | 'resourceKind' | 'request'>,
): string {
  const { action, caller } = request
  const { name, policyName } = resourceKind
  const who = `${action} to ${caller.arn}`
  const limit = LIMITS.get(denial)
  if (limit !== undefined) return `${limit} ${who}, whatever else allows it.`
  const allows = findings.filter(
    ({ statement, mismatch }) => statement.effect === 'Allow' && mismatch === null,
  )
  const byKey = allows.find(({ kind }) => kind === 'key')
  const byIdentity = allows.find(({ kind }) => kind === 'identity')
  const byGrant = grants.find(({ mismatch }) => mismatch === null)
  if (relation === 'no-key') return `No identity policy allows ${who}; without a key these alone decide.`
  if (relation === 'other-account') {
    const missing =
      byKey || byGrant
        ? 'no identity policy does'
        : byIdentity
          ? `the ${policyName} does not`
          : 'neither does'
    return `The ${name} is of another account, so its ${policyName} and an identity policy must both allow ${who}; ${missing}.`
  }
  if (byKey) return `${place(byKey)} ${LEAVES}, and none of them allows ${who}.`
  if (byGrant) return `grant ${byGrant.name} ${LEAVES}, and none of them allows ${who}.`
  const aside = byIdentity ? `; ${place(byIdentity)} would, but the ${policyName} gives it no say here` : ''
  return `No statement of the ${policyName} allows ${who}${aside}.`
}
