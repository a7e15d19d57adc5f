import type { JsonObject, JsonValue } from '../core/json.ts'
import { isJsonObject, parseJson } from '../core/json.ts'
import { compactJson, splitJson } from '../core/json-members.ts'
import { readCaseTexts } from './case-context.ts'
import type { QuestionPrincipal } from './caller.ts'
import type { Policy, UnreadablePolicy } from './document.ts'
import { readStoredPolicy } from './document.ts'
import { PolicyError } from './errors.ts'
import type { NamedPolicy, PolicyQuestion } from './evaluate.ts'
import type { Grant, UnreadableGrant } from './grant.ts'
import { readGrant } from './grant.ts'
import { quote } from './quote.ts'
import type { PolicyKind } from './statement.ts'

/** The members of an authorization case; others are remarks, such as a name, and are not looked at. */
const CASE_MEMBERS: ReadonlySet<string> = new Set([
  'keyArn',
  'keyPolicy',
  'principal',
  'action',
  'identityPolicies',
  'permissionsBoundary',
  'sessionPolicies',
  'grants',
  'context',
  'encryptionContext',
])

/** Values by the names of their members, as they were written. */
type Members = ReadonlyMap<string, string>

/**
 * Reads an authorization case from its text, which is known to be JSON. Each policy is read as a stored one is, from the
 * text as it stands there: one that cannot be read becomes part of the question. Throws `POLICY_CASE_INVALID` where the
 * case itself is none.
 */
export function readCase(text: string): PolicyQuestion {
  const members = membersOf(text)
  const action = readValue(members, 'action')
  if (typeof action !== 'string') throw invalid('action is no text')
  const keyArn = readValue(members, 'keyArn')
  if (keyArn !== null && typeof keyArn !== 'string') throw invalid('keyArn is neither a text nor null')
  return {
    keyArn,
    keyPolicy: readPolicy(members.get('keyPolicy'), 'key'),
    principal: readPrincipal(readValue(members, 'principal')),
    action,
    identityPolicies: readPolicies(members, 'identityPolicies'),
    permissionsBoundary: readPolicy(members.get('permissionsBoundary'), 'identity'),
    sessionPolicies: readPolicies(members, 'sessionPolicies'),
    grants: readGrants(members),
    context: readCaseTexts(readValue(members, 'context'), 'context'),
    encryptionContext: readPairs(readValue(members, 'encryptionContext')),
  }
}

/** The names of members of a case that are not looked at. */
export function unusedMembers(text: string): readonly string[] {
  if (!text.startsWith('{')) return []
  return splitJson(text).flatMap(({ name }) => (CASE_MEMBERS.has(name) ? [] : [name]))
}

function invalid(what: string): PolicyError {
  return new PolicyError('POLICY_CASE_INVALID', what)
}

function membersOf(text: string): Members {
  if (!text.startsWith('{')) throw invalid('the case is no object')
  const members = new Map<string, string>()
  for (const { name, text: value } of splitJson(text)) {
    if (!CASE_MEMBERS.has(name)) continue
    if (members.has(name)) throw invalid(`${name} is given twice`)
    members.set(name, value)
  }
  return members
}

/** The value of a member; `null` where it is missing. */
function readValue(members: Members, name: string): JsonValue {
  return parseMember(members.get(name) ?? 'null', name)
}

function parseMember(text: string, name: string): JsonValue {
  try {
    return parseJson(text)
  } catch (cause) {
    throw new PolicyError('POLICY_CASE_INVALID', `${name} gives a member twice, or is nested too deeply`, {
      cause,
    })
  }
}

function readPrincipal(value: JsonValue): QuestionPrincipal {
  if (!isJsonObject(value)) throw invalid('principal is no object')
  const { arn, account, kind, roleArn } = value
  if (typeof arn !== 'string' || typeof account !== 'string' || !isKind(kind)) {
    throw invalid('principal lacks arn, account or kind (user, role-session, root)')
  }
  if (roleArn === undefined || roleArn === null) return { arn, account, kind }
  if (typeof roleArn !== 'string') throw invalid('principal.roleArn is no text')
  return { arn, account, kind, roleArn }
}

function isKind(value: JsonValue | undefined): value is QuestionPrincipal['kind'] {
  return value === 'user' || value === 'role-session' || value === 'root'
}

/** `null` where the member is missing or null. The white space that lays a policy out does not count for its size. */
function readPolicy(text: string | undefined, kind: PolicyKind): Policy | UnreadablePolicy | null {
  return text === undefined || text === 'null' ? null : readStoredPolicy(compactJson(text), kind)
}

function readPolicies(members: Members, name: string): readonly NamedPolicy[] {
  return listOf(members, name).map((text, at) => ({
    name: `${name}[${at}]`,
    policy: readPolicy(text, 'identity'),
  }))
}

function readGrants(members: Members): readonly (Grant | UnreadableGrant)[] {
  return listOf(members, 'grants').map((text, at) => readGrant(parseMember(text, 'grants'), `grants[${at}]`))
}

function listOf(members: Members, name: string): readonly string[] {
  const text = members.get(name) ?? 'null'
  if (text === 'null') return []
  if (!text.startsWith('[')) throw invalid(`${name} is no list`)
  return splitJson(text).map((element) => element.text)
}

function readPairs(value: JsonValue): ReadonlyMap<string, string> {
  const object: JsonObject = value === null ? {} : isJsonObject(value) ? value : notPairs()
  const pairs = new Map<string, string>()
  for (const [key, text] of Object.entries(object)) {
    if (typeof text !== 'string') throw invalid(`encryptionContext: ${quote(key)} is no text`)
    pairs.set(key, text)
  }
  return pairs
}

function notPairs(): never {
  throw invalid('encryptionContext is no object')
}
