import { compactJson } from '../core/json-members.ts'
import { utf8 } from '../core/bytes.ts'
import type { Principal, PrincipalTag } from '../identity/principal.ts'
import type { Session } from '../identity/session.ts'
import { foldTagKey, isReservedTagKey } from '../identity/tag-rules.ts'
import { unsuppliedConditionKey } from '../operations/unsupplied-condition-key.ts'
import { parsePolicy } from '../policy/document.ts'
import { PolicyError } from '../policy/errors.ts'
import type { AssumeRoleInput } from './assume-role-input.ts'
import { StsError } from './errors.ts'

/** What a session brings along beside its role, as far as it is known before anybody was asked. */
export interface SessionContent extends Pick<Session, 'policy' | 'tags' | 'transitiveTagKeys'> {
  /** How much of the room for policy and tags is used, in per cent; `null` where there are none. */
  readonly packedPolicySize: number | null
}

/**
 * How many bytes session policy and tags have together, as JSON in UTF-8. It keeps a token under 7,000 characters, well
 * inside the 16 KiB that the headers of a request may have. (AWS packs them and does not tell the limit.)
 */
const ROOM_BYTES = 4096

/**
 * Puts together what a session brings along: the policy of the request, its tags, and the transitive tags of the session
 * that asks (IAM User Guide, Passing session tags in AWS STS: chaining roles with session tags). Throws
 * `MalformedPolicyDocument`, `InvalidParameterValue`, `PackedPolicyTooLarge`.
 */
export function toSessionContent(input: AssumeRoleInput, caller: Principal): SessionContent {
  const inherited = inheritedTags(caller)
  refuseTags(input, inherited)
  const policy = input.policy === undefined ? null : readSessionPolicy(input.policy)
  const wanted = new Set(input.transitiveTagKeys.map(foldTagKey))
  const own = input.tags.map(({ key }) => key)
  const content = {
    policy,
    tags: [...input.tags, ...inherited],
    transitiveTagKeys: [
      ...own.filter((key) => wanted.has(foldTagKey(key))),
      ...inherited.map(({ key }) => key),
    ],
  }
  return { ...content, packedPolicySize: packedSize(content) }
}

/** The tags that a session leaves to the next one of a chain. */
function inheritedTags({ session, tags }: Principal): readonly PrincipalTag[] {
  const keys = new Set((session?.transitiveTagKeys ?? []).map(foldTagKey))
  return tags.filter(({ key }) => keys.has(foldTagKey(key)))
}

function refuseTags(input: AssumeRoleInput, inherited: readonly PrincipalTag[]): void {
  const keys = new Set(input.tags.map(({ key }) => foldTagKey(key)))
  if (keys.size < input.tags.length) {
    throw invalid('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
  }
  if (input.tags.some(({ key }) => isReservedTagKey(key))) {
    throw invalid('Tag keys that begin with aws: are reserved for AWS.')
  }
  if (input.transitiveTagKeys.some((key) => !keys.has(foldTagKey(key)))) {
    throw invalid('The specified transitive tag key must be included in the requested tags.')
  }
  if (inherited.some(({ key }) => keys.has(foldTagKey(key)))) {
    throw invalid(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    )
  }
}

function invalid(text: string): StsError {
  return new StsError('InvalidParameterValue', text)
}

/** Session policies are held to the rules of identity policies. White space that lays them out is not kept. */
function readSessionPolicy(text: string): string {
  try {
    const unsupplied = unsuppliedConditionKey(parsePolicy(text, 'identity'))
    if (unsupplied === undefined) return compactJson(text)
    throw new StsError('MalformedPolicyDocument', unsupplied)
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause
    throw new StsError('MalformedPolicyDocument', cause.message, { cause })
  }
}

function packedSize({
  policy,
  tags,
  transitiveTagKeys,
}: Omit<SessionContent, 'packedPolicySize'>): number | null {
  if (policy === null && tags.length === 0) return null
  const packed = [policy, tags.map(({ key, value }) => [key, value]), transitiveTagKeys]
  const percent = Math.ceil((utf8(JSON.stringify(packed)).length * 100) / ROOM_BYTES)
  if (percent <= 100) return percent
  const what = policy === null ? 'Packed size of session tags' : 'Packed size of session policy and tags'
  throw new StsError('PackedPolicyTooLarge', `${what} consumes ${percent}% of allotted space.`)
}
