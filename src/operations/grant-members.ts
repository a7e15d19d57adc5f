import type { JsonValue } from '../core/json.ts'
import type { GrantConstraintsRecord } from '../store/key-store.ts'
import type { Field, Place } from './field.ts'
import { hiddenViolation, placeInside, violation } from './field.ts'
import { list, oneOf, text, textMap } from './fields.ts'
import { GRANT_OPERATIONS } from './model.ts'
import { objectValue } from './wire-type.ts'

/** `PrincipalIdType`. */
export const principalId = text({ min: 1, max: 256, pattern: '^[\\w+=,.@:/-]+$' })

/** `ServicePrincipalType`. */
export const servicePrincipal = text({
  min: 1,
  max: 128,
  pattern: '^([A-Za-z0-9\\-]+)\\.([A-Za-z0-9\\-]+)(\\.[A-Za-z0-9\\-]+)+$',
})

/** `GrantIdType`. */
export const grantId = text({ min: 1, max: 128 })

/** `GrantNameType`. */
export const grantName = text({ min: 1, max: 256, pattern: '^[a-zA-Z0-9:/_-]+$' })

/** `GrantTokenType`; kept out of error texts. */
export const grantToken = text({ min: 1, max: 8192, hidden: true })

/** `GrantOperationList`. */
export const grantOperations = list(oneOf(GRANT_OPERATIONS))

const sourceArn = text({
  min: 20,
  max: 512,
  pattern: '^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$',
})

/** AWS KMS API Reference, GrantConstraints. */
const PAIRS_LIMIT = 8
const VALUE_CHARACTERS = 384

/** What `Constraints` holds, with the names of members that are none of its own. */
export interface ConstraintMembers extends GrantConstraintsRecord {
  readonly unknown: readonly string[]
}

/**
 * `GrantConstraints`. A member that is none of its own is refused: it may be a constraint misspelt, and a grant without it
 * would give more than was meant. A subset of no pairs is no constraint.
 */
export const grantConstraints: Field<ConstraintMembers> = {
  required: true,
  ifAbsent: undefined,
  read(value) {
    const { EncryptionContextEquals, EncryptionContextSubset, SourceArn, ...rest } = objectValue(value)
    const subset = readPairs(EncryptionContextSubset)
    return {
      encryptionContextEquals: readPairs(EncryptionContextEquals),
      encryptionContextSubset: subset?.size === 0 ? null : subset,
      sourceArn: SourceArn === undefined || SourceArn === null ? null : sourceArn.read(SourceArn),
      unknown: Object.keys(rest),
    }
  },
  violations(value, place) {
    const { encryptionContextEquals: equals, encryptionContextSubset: subset } = value
    const known = 'Member must hold EncryptionContextEquals, EncryptionContextSubset and SourceArn only'
    return [
      ...(value.unknown.length > 0 ? [hiddenViolation(place, known)] : []),
      ...(equals ? pairViolations(equals, placeInside(place, 'EncryptionContextEquals')) : []),
      ...(subset ? pairViolations(subset, placeInside(place, 'EncryptionContextSubset')) : []),
      ...(value.sourceArn === null
        ? []
        : sourceArn.violations(value.sourceArn, placeInside(place, 'SourceArn'))),
    ]
  },
}

function readPairs(member: JsonValue | undefined): ReadonlyMap<string, string> | null {
  return member === undefined || member === null ? null : textMap.read(member)
}

function pairViolations(pairs: ReadonlyMap<string, string>, place: Place): readonly string[] {
  const broken = textMap.violations(pairs, place)
  if (broken.length > 0) return broken
  if (pairs.size > PAIRS_LIMIT) {
    return [hiddenViolation(place, `Member must have length less than or equal to ${PAIRS_LIMIT}`)]
  }
  const constraint = `Member must have length less than or equal to ${VALUE_CHARACTERS}`
  return [...pairs]
    .filter(([, value]) => value.length > VALUE_CHARACTERS)
    .map(([key, value]) => violation(value, { ...place, path: `${place.path}.${key}.member` }, constraint))
}
