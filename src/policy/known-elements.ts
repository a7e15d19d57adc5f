import type { JsonObject } from '../core/json.ts'
import { PolicyError } from './errors.ts'
import { quote } from './quote.ts'

/** Refuses members that the policy language does not have: a misspelt `Condition` must not mean none. */
export function refuseUnknownElements(value: JsonObject, elements: ReadonlySet<string>, path: string): void {
  const unknown = Object.keys(value).find((member) => !elements.has(member))
  if (unknown === undefined) return
  throw new PolicyError('POLICY_ELEMENT_UNKNOWN', `${path} has an unknown element ${quote(unknown)}`)
}
