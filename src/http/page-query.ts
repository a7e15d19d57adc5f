import type { AuditQuery } from '../audit/read-latest.ts'
import { refuseMember } from './lab-input.ts'
import type { WebRequest } from './web.ts'

/** How many entries are listed unless the request says so, and at most. */
const DEFAULT_LIMIT = 50
const HIGHEST_LIMIT = 1000

/** Reads `?limit=` of a list of the admin listener. Throws `HttpError` `ADMIN_INPUT_INVALID`. */
export function readLimit(request: Pick<WebRequest, 'query'>): number {
  const given = new URLSearchParams(request.query ?? '').get('limit')
  if (given === null) return DEFAULT_LIMIT
  const limit = /^\d{1,6}$/.test(given) ? Number(given) : 0
  if (limit < 1 || limit > HIGHEST_LIMIT) {
    throw refuseMember('limit', `must be a number from 1 to ${HIGHEST_LIMIT}`)
  }
  return limit
}

/**
 * Reads what `/audit` is asked for: `?limit=`, `?requestId=`, `?eventName=`. Throws `HttpError` `ADMIN_INPUT_INVALID`, also
 * for a parameter of another name, which would otherwise select nothing in silence.
 */
export function readAuditQuery(request: Pick<WebRequest, 'query'>): AuditQuery {
  const parameters = new URLSearchParams(request.query ?? '')
  const unknown = [...parameters.keys()].find((name) => !['limit', 'requestId', 'eventName'].includes(name))
  if (unknown !== undefined) throw refuseMember(unknown.slice(0, 64), 'no such parameter')
  const [requestId, eventName] = [readName(parameters, 'requestId'), readName(parameters, 'eventName')]
  return {
    limit: readLimit(request),
    ...(requestId !== null && { requestId }),
    ...(eventName !== null && { eventName }),
  }
}

function readName(parameters: URLSearchParams, name: string): string | null {
  const value = parameters.get(name)
  if (value === null || /^[\w-]{1,64}$/.test(value)) return value
  throw refuseMember(name, 'must be 1 to 64 letters, digits and hyphens')
}
