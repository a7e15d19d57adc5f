import type { JsonObject, JsonValue } from '../core/json.ts'
import { isJsonObject } from '../core/json.ts'
import type { Principals } from './principal.ts'
import { parsePrincipals } from './principal.ts'
import { quote } from './quote.ts'

/** A grant of a key, made ready for evaluation. */
export interface Grant {
  /** For people: which grant. */
  readonly name: string
  readonly grantee: Principals
  /** Operations, as the API spells them, such as `Decrypt`. */
  readonly operations: ReadonlySet<string>
  readonly constraints: GrantConstraints
}

/** What a request must have besides; `null` for a constraint that the grant has not. */
export interface GrantConstraints {
  /** The encryption context, pair by pair and no pair more. */
  readonly equals: ReadonlyMap<string, string> | null
  /** Pairs that the encryption context has among others. */
  readonly subset: ReadonlyMap<string, string> | null
  /** What `aws:SourceArn` is. */
  readonly sourceArn: string | null
}

/** A grant that cannot be read: it allows nothing, and takes nothing from what else allows. */
export interface UnreadableGrant {
  readonly name: string
  /** Why, in words. */
  readonly unreadable: string
}

/** Members that say nothing about who may do what. */
const OTHER_MEMBERS: readonly string[] = [
  'grantId',
  'name',
  'keyId',
  'retiringPrincipal',
  'retiringServicePrincipal',
  'grantToken',
  'issuingAccount',
  'creationDate',
]
const MEMBERS: ReadonlySet<string> = new Set([
  'granteePrincipal',
  'operations',
  'constraints',
  ...OTHER_MEMBERS,
])
const CONSTRAINTS: ReadonlySet<string> = new Set([
  'EncryptionContextEquals',
  'EncryptionContextSubset',
  'SourceArn',
])

/**
 * Reads a grant, `{granteePrincipal, operations, constraints?}` with the constraints as the API has them (AWS KMS API
 * Reference, CreateGrant). A member that is not known may be a misspelt constraint, so it is refused. Never throws.
 */
export function readGrant(value: JsonValue, name: string): Grant | UnreadableGrant {
  if (!isJsonObject(value)) return { name, unreadable: 'it is no object' }
  const { granteePrincipal, operations, constraints } = value
  const unknown = Object.keys(value).find((member) => !MEMBERS.has(member))
  if (unknown !== undefined) return { name, unreadable: `it has an unknown member ${quote(unknown)}` }
  const grantee = typeof granteePrincipal === 'string' ? readGrantee(granteePrincipal) : undefined
  if (!grantee) return { name, unreadable: 'its granteePrincipal is no principal' }
  if (!isTextList(operations)) return { name, unreadable: 'its operations are no list of texts' }
  const read = readConstraints(constraints ?? {})
  if (!read) return { name, unreadable: 'its constraints cannot be read' }
  return { name, grantee, operations: new Set(operations), constraints: read }
}

/** A grant has one grantee, and nobody is everybody. */
function readGrantee(text: string): Principals | undefined {
  try {
    const grantee = parsePrincipals('Principal', { AWS: text }, 'granteePrincipal')
    return grantee.anyone ? undefined : grantee
  } catch {
    return undefined
  }
}

function isTextList(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && (value as readonly JsonValue[]).every((text) => typeof text === 'string')
}

function readConstraints(value: JsonValue): GrantConstraints | undefined {
  if (!isJsonObject(value) || Object.keys(value).some((member) => !CONSTRAINTS.has(member))) return undefined
  const equals = readPairs(value, 'EncryptionContextEquals')
  const subset = readPairs(value, 'EncryptionContextSubset')
  const sourceArn = value['SourceArn'] ?? null
  if (equals === undefined || subset === undefined) return undefined
  return sourceArn === null || typeof sourceArn === 'string' ? { equals, subset, sourceArn } : undefined
}

/** `null` where there is no such constraint, `undefined` where it is not of texts. */
function readPairs(
  constraints: JsonObject,
  member: 'EncryptionContextEquals' | 'EncryptionContextSubset',
): ReadonlyMap<string, string> | null | undefined {
  const value = constraints[member] ?? null
  if (value === null) return null
  if (!isJsonObject(value)) return undefined
  const pairs = new Map<string, string>()
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') return undefined
    pairs.set(key, text)
  }
  return pairs
}
