import { foldKey } from '../policy/condition-context.ts'
import type { Policy } from '../policy/document.ts'

/**
 * Condition keys of AWS that a request would have there and never has here, in lower case, since names ignore case.
 * Every other key that no request has is as absent here as it is there: other services' keys, those of VPC endpoints,
 * organizations and federation, and misspelt ones (AWS KMS Developer Guide, Condition keys; IAM User Guide, AWS global
 * condition context keys).
 */
const UNSUPPLIED: ReadonlySet<string> = new Set(
  ['aws:Referer', 'kms:TrailingDaysWithoutKeyUsage'].map((name) => name.toLowerCase()),
)

/** Has a say in identity policies only (AWS KMS Developer Guide, kms:ResourceAliases). */
const RESOURCE_ALIASES = 'kms:resourcealiases'

/** Whether a policy asks for the aliases of the key, which take a look into the store. */
export function asksForAliases(policy: Policy): boolean {
  return usedKeys(policy).some(({ key }) => foldKey(key) === RESOURCE_ALIASES)
}

/**
 * A sentence about the first condition key of a policy, or policy variable, that requests would have at AWS and never
 * have here, so that the policy would not mean what it means there; `undefined` where there is none.
 */
export function unsuppliedConditionKey(policy: Policy): string | undefined {
  const unknown = usedKeys(policy).find(({ key }) => isUnsupplied(foldKey(key), policy))
  if (!unknown) return undefined
  const { place, what, key } = unknown
  return `${place}: the ${what} ${JSON.stringify(key.slice(0, 120))} is not supported by this service`
}

interface UsedKey {
  readonly place: string
  readonly what: 'condition key' | 'policy variable'
  readonly key: string
}

function usedKeys({ statements }: Policy): readonly UsedKey[] {
  return statements.flatMap(({ index, conditions, resources }) => {
    const ofConditions = conditions.flatMap(({ operator, key, variables }) => {
      const place = `Statement[${index}].Condition.${operator}`
      return [
        { place, what: 'condition key' as const, key },
        ...variables.map((variable) => ({ place, what: 'policy variable' as const, key: variable })),
      ]
    })
    const ofResources = (resources?.variables ?? []).map((key) => ({
      place: `Statement[${index}].Resource`,
      what: 'policy variable' as const,
      key,
    }))
    return [...ofConditions, ...ofResources]
  })
}

function isUnsupplied(foldedKey: string, { kind }: Policy): boolean {
  return UNSUPPLIED.has(foldedKey) || (kind === 'key' && foldedKey === RESOURCE_ALIASES)
}
