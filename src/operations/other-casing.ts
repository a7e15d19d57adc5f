import type { JsonObject } from '../core/json.ts'
import { KmsError } from './errors.ts'

/**
 * Refuses members that are spelt like protections of a request, but in another case. Unknown members are ignored otherwise;
 * a misspelt protection must not mean none. Throws `ValidationException`.
 */
export function refuseOtherCasing(structure: JsonObject, names: readonly string[]): void {
  for (const member of Object.keys(structure)) {
    const meant = names.find((name) => name.toLowerCase() === member.toLowerCase())
    if (meant !== undefined && meant !== member) {
      const text = `The request has a member that is spelt like ${meant} in another case; the member is named ${meant}.`
      throw new KmsError('ValidationException', text)
    }
  }
}
