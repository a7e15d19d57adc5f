import type { JsonObject, JsonValue } from '../core/json.ts'
import { toMemberName } from './member-name.ts'
import { isReadOnly } from './read-only.ts'

/** An operation that was answered: its name, the members of its answer, and the ARN of the key it was about. */
export interface AnsweredOperation {
  readonly operation: string
  readonly answer: Readonly<Record<string, unknown>> | null
  readonly keyArn: string | null
}

/** What CloudTrail shows of answers, beside the key's ARN. Grant tokens are in none of them. */
const SHOWN_MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['CreateGrant', ['GrantId']],
  ['CreateKey', ['KeyMetadata']],
  ['ScheduleKeyDeletion', ['KeyState', 'DeletionDate']],
])

/** Operations that change something and of whose answers CloudTrail shows nothing. */
const UNSHOWN: ReadonlySet<string> = new Set(['PutKeyPolicy', 'RetireGrant', 'RevokeGrant'])

/**
 * `responseElements` of an answered call: `null` for operations that change nothing; for the others the key's ARN, even
 * where the answer does not have it, and what the sample entries show (AWS KMS Developer Guide, "Examples of AWS KMS log
 * entries": CreateKey, CreateGrant, EnableKey, ScheduleKeyDeletion, PutKeyPolicy, …). No bytes ever enter.
 */
export function toResponseElements({ operation, answer, keyArn }: AnsweredOperation): JsonObject | null {
  if (isReadOnly(operation) || UNSHOWN.has(operation)) return null
  const shown = (SHOWN_MEMBERS.get(operation) ?? []).map((member) => [member, answer?.[member]] as const)
  const elements = toObject([...(keyArn === null ? [] : [['KeyId', keyArn] as const]), ...shown])
  return Object.keys(elements).length === 0 ? null : elements
}

function toObject(members: readonly (readonly [string, unknown])[]): JsonObject {
  return Object.fromEntries(
    members.flatMap(([member, value]) => {
      const shown = toValue(value)
      return shown === undefined ? [] : [[toMemberName(member), shown]]
    }),
  )
}

function toValue(value: unknown): JsonValue | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (value instanceof Date) return toDateText(value)
  if (Array.isArray(value)) return value.flatMap((inner) => toValue(inner) ?? [])
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return undefined
  return toObject(Object.entries(value))
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Such as `Aug 10, 2022, 10:38:27 PM`, in UTC: the form of dates in the sample entries. */
function toDateText(date: Date): string {
  const hours = date.getUTCHours()
  const day = `${MONTHS[date.getUTCMonth()] ?? ''} ${date.getUTCDate()}, ${date.getUTCFullYear()}`
  const time = `${hours % 12 || 12}:${twoDigits(date.getUTCMinutes())}:${twoDigits(date.getUTCSeconds())}`
  return `${day}, ${time} ${hours < 12 ? 'AM' : 'PM'}`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
