import { encodeBase64 } from '../core/base64.ts'
import type { JsonObject, JsonValue } from '../core/json.ts'

/**
 * A value that an answer may hold. A `Secret` is none, so a handler that puts material into its answer without
 * going through `release` does not compile.
 */
type AnswerValue = string | number | boolean | Uint8Array | Date | readonly AnswerValue[] | AnswerBody

/** The members of an operation's output; a member that is `undefined` is left out. */
export interface AnswerBody {
  readonly [member: string]: AnswerValue | undefined
}

/** Puts an answer in the form of the JSON protocol: blobs in base64, times in seconds since 1970, nothing `null`. */
export function encodeAnswer(body: AnswerBody): JsonObject {
  return Object.fromEntries(
    Object.entries(body).flatMap(([member, value]) => (value === undefined ? [] : [[member, encode(value)]])),
  )
}

function encode(value: AnswerValue): JsonValue {
  if (value instanceof Uint8Array) return encodeBase64(value)
  if (value instanceof Date) return value.getTime() / 1000
  if (typeof value !== 'object') return value
  return isList(value) ? value.map(encode) : encodeAnswer(value)
}

function isList(value: readonly AnswerValue[] | AnswerBody): value is readonly AnswerValue[] {
  return Array.isArray(value)
}
