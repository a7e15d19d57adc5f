import type { JsonObject, JsonValue } from '../core/json.ts'
import { isJsonObject, parseJson } from '../core/json.ts'
import type { Answer, Call } from '../operations/call.ts'
import { HttpError } from './errors.ts'
import type { WebRequest } from './web.ts'

/** What the JSON protocol of KMS puts before the name of an operation in `X-Amz-Target`. */
const TARGET_PREFIX = 'TrentService.'

/** The media type of requests and answers (AWS JSON 1.1 protocol). */
export const JSON_1_1 = 'application/x-amz-json-1.1'

/** An operation, ready to run. */
export type BoundOperation = (call: Call) => Promise<Answer>

/** An operation that a request asked for, under the name by which it is known here. */
export interface Target {
  readonly name: string
  readonly run: BoundOperation
}

/**
 * Finds the operation that a `POST /` asks for. Throws `HttpError`: `ROUTE_UNKNOWN` where there is a query string, which
 * no KMS client sends, `CONTENT_TYPE_UNSUPPORTED`, `OPERATION_UNKNOWN` (also for a prefix in another case).
 */
export function findTarget(
  request: Pick<WebRequest, 'query' | 'header'>,
  operations: ReadonlyMap<string, BoundOperation>,
): Target {
  if (request.query !== null) throw new HttpError('ROUTE_UNKNOWN', null)
  if (!isJson11(request.header('content-type'))) throw new HttpError('CONTENT_TYPE_UNSUPPORTED', null)
  const target = request.header('x-amz-target') ?? ''
  const name = target.slice(TARGET_PREFIX.length)
  const run = target.startsWith(TARGET_PREFIX) ? operations.get(name) : undefined
  if (!run) throw new HttpError('OPERATION_UNKNOWN', null)
  return { name, run }
}

function isJson11(contentType: string | null): boolean {
  if (contentType === JSON_1_1) return true
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() === JSON_1_1
}

/**
 * Reads a body as the input of an operation. Throws `HttpError`: `BODY_NOT_JSON` (also for an empty body, bytes that are
 * not UTF-8, a member given twice), `BODY_IS_LIST`, `BODY_NOT_OBJECT`.
 */
export function parseInput(body: Uint8Array): JsonObject {
  const value = parseBody(body)
  if (isJsonObject(value)) return value
  if (Array.isArray(value)) {
    throw new HttpError('BODY_IS_LIST', 'Start of list found where not expected')
  }
  throw new HttpError('BODY_NOT_OBJECT', null)
}

function parseBody(body: Uint8Array): JsonValue {
  try {
    // RFC 8259 §8.1: UTF-8 without a byte order mark, which JSON.parse refuses once the decoder has left it in.
    return parseJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body))
  } catch (error) {
    throw new HttpError('BODY_NOT_JSON', null, { cause: error })
  }
}
