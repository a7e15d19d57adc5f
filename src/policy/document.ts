import type { JsonObject, JsonValue } from '../core/json.ts'
import { isJsonObject, parseJson } from '../core/json.ts'
import { checkSids } from './check-sids.ts'
import { PolicyError } from './errors.ts'
import { refuseUnknownElements } from './known-elements.ts'
import type { PolicyKind, Statement } from './statement.ts'
import { parseStatement } from './statement.ts'

/** A policy, made ready for evaluation. */
export interface Policy {
  readonly kind: PolicyKind
  readonly statements: readonly Statement[]
}

/** A policy that could not be read, met when a decision is due: nothing is allowed while it stands. */
export interface UnreadablePolicy {
  /** Why, in words. */
  readonly unreadable: string
}

/** Bytes in UTF-8 that a key policy may have (AWS KMS Developer Guide, Resource quotas: key policy document size). */
const SIZE_LIMIT_BYTES = 32_768

const ELEMENTS: ReadonlySet<string> = new Set(['Version', 'Id', 'Statement'])
const VERSION_WITH_VARIABLES = '2012-10-17'
/** What a policy without `Version` is of (IAM User Guide, IAM JSON policy elements: Version). */
const DEFAULT_VERSION = '2008-10-17'

/**
 * Reads a policy document. Identity policies have the size limit of key policies here; IAM's own are lower.
 * Throws `PolicyError` for everything that is not a policy: nothing that was put is ever passed over.
 */
export function parsePolicy(text: string, kind: PolicyKind): Policy {
  const policy = readPolicy(text, kind)
  checkSids(kind, policy.statements)
  return policy
}

function readPolicy(text: string, kind: PolicyKind): Policy {
  if (Buffer.byteLength(text) > SIZE_LIMIT_BYTES) {
    throw new PolicyError('POLICY_TOO_LARGE', `the policy has more than ${SIZE_LIMIT_BYTES} bytes`)
  }
  const document = readDocument(text)
  refuseUnknownElements(document, ELEMENTS, 'the policy')
  const variables = parseVersion(document['Version']) === VERSION_WITH_VARIABLES
  if (document['Id'] !== undefined && typeof document['Id'] !== 'string') {
    throw new PolicyError('POLICY_ID_INVALID', 'Id is no text')
  }
  const statements = listStatements(document['Statement']).map((value, index) =>
    parseStatement(value, { index, kind, variables }),
  )
  return { kind, statements }
}

/**
 * Reads a stored policy for a decision: as `parsePolicy`, but a failure is a value, and Sids, which decide nothing, are
 * taken as they are. Never throws.
 */
export function readStoredPolicy(text: string, kind: PolicyKind): Policy | UnreadablePolicy {
  try {
    return readPolicy(text, kind)
  } catch (error) {
    // `readPolicy` throws nothing but errors.
    return { unreadable: (error as Error).message }
  }
}

/** The principals that a policy names beside services and `*`: ARNs and account numbers, each once. */
export function namedPrincipals(policy: Policy): readonly string[] {
  return [
    ...new Set(
      policy.statements.flatMap(({ principals }) =>
        principals ? [...principals.arns, ...principals.accountTexts] : [],
      ),
    ),
  ]
}

function readDocument(text: string): JsonObject {
  let document: JsonValue
  try {
    document = parseJson(text)
  } catch (cause) {
    throw new PolicyError('POLICY_NOT_JSON', 'the policy is not JSON, or gives a member twice', { cause })
  }
  if (!isJsonObject(document)) throw new PolicyError('POLICY_NOT_OBJECT', 'the policy is no JSON object')
  return document
}

function parseVersion(value: JsonValue | undefined): string {
  const version = value ?? DEFAULT_VERSION
  if (value === null || (version !== DEFAULT_VERSION && version !== VERSION_WITH_VARIABLES)) {
    throw new PolicyError(
      'POLICY_VERSION_INVALID',
      `Version is neither ${VERSION_WITH_VARIABLES} nor ${DEFAULT_VERSION}`,
    )
  }
  return version
}

/** One statement may stand without a list (IAM User Guide, Grammar of the IAM JSON policy language). */
function listStatements(value: JsonValue | undefined): readonly JsonValue[] {
  const list = Array.isArray(value) ? (value as readonly JsonValue[]) : value === undefined ? [] : [value]
  if (list.length === 0) throw new PolicyError('POLICY_STATEMENTS_MISSING', 'Statement is missing or empty')
  return list
}
