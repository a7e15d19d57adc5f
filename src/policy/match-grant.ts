import type { Grant, GrantConstraints, UnreadableGrant } from './grant.ts'
import type { StatementRequest } from './match-statement.ts'
import { quote, quoteList } from './quote.ts'
import type { Reach } from './reach.ts'
import { reachOf } from './reach.ts'

/** What grants are held against. */
export interface GrantRequest extends Pick<
  StatementRequest,
  'caller' | 'keyPartition' | 'action' | 'context'
> {
  readonly encryptionContext: ReadonlyMap<string, string>
}

/** How a grant fared. */
export interface GrantMatch {
  readonly name: string
  readonly reach: Reach | null
  /** The first thing that did not match, in words; `null` if all did. */
  readonly mismatch: string | null
}

/**
 * Operations that have no encryption context for a constraint to be held against (AWS KMS API Reference, GrantConstraints).
 * `CreateGrant` is none of them: its encryption context is that of the constraint that the new grant is to have.
 */
const WITHOUT_ENCRYPTION_CONTEXT: ReadonlySet<string> = new Set([
  'DescribeKey',
  'GetPublicKey',
  'RetireGrant',
])

/** Holds one grant against a request (AWS KMS Developer Guide, Grants in AWS KMS). */
export function matchGrant(grant: Grant | UnreadableGrant, request: GrantRequest): GrantMatch {
  const { name } = grant
  if ('unreadable' in grant) return { name, reach: null, mismatch: grant.unreadable }
  const { caller, keyPartition, action } = request
  const reach = reachOf(grant.grantee, caller, keyPartition)
  if (reach === null) {
    return {
      name,
      reach,
      mismatch: `its grantee is ${quoteList(grant.grantee.texts)}, and the caller is ${quote(caller.arn)}`,
    }
  }
  const operation = action.startsWith('kms:') ? action.slice('kms:'.length) : ''
  const mismatch = grant.operations.has(operation)
    ? constraintMismatch(grant.constraints, operation, request)
    : `its operations are ${quoteList([...grant.operations])}, and the action is ${quote(action)}`
  return { name, reach, mismatch }
}

function constraintMismatch(
  { equals, subset, sourceArn }: GrantConstraints,
  operation: string,
  { encryptionContext, context }: GrantRequest,
): string | null {
  if (sourceArn !== null && operation !== 'RetireGrant') {
    const actual = context.get('aws:sourcearn') ?? []
    if (actual.length !== 1 || actual[0] !== sourceArn) {
      return `its SourceArn is ${quote(sourceArn)}, and the request has ${listOrNone(actual)}`
    }
  }
  if (WITHOUT_ENCRYPTION_CONTEXT.has(operation)) return null
  if (equals && (equals.size !== encryptionContext.size || !hasPairs(encryptionContext, equals))) {
    return `its EncryptionContextEquals is ${tellPairs(equals)}, and the encryption context is ${tellPairs(encryptionContext)}`
  }
  if (subset && !hasPairs(encryptionContext, subset)) {
    return `its EncryptionContextSubset is ${tellPairs(subset)}, and the encryption context is ${tellPairs(encryptionContext)}`
  }
  return null
}

/** With case in keys and values: AWS's texts contradict each other about keys, and this is the narrower reading. */
function hasPairs(context: ReadonlyMap<string, string>, pairs: ReadonlyMap<string, string>): boolean {
  return [...pairs].every(([key, value]) => context.get(key) === value)
}

function tellPairs(pairs: ReadonlyMap<string, string>): string {
  return listOrNone([...pairs].map(([key, value]) => `${key}=${value}`))
}

function listOrNone(texts: readonly string[]): string {
  return texts.length === 0 ? 'none' : quoteList(texts)
}
