import type { DecisionRecord } from './decision-record.ts'

/** Keeps what explains answers, a bounded number of records in memory. */
export interface DecisionLog {
  record(record: DecisionRecord): void
  /** The record of a request; `undefined` where none was made, or it had to make room for later ones of its caller. */
  find(requestId: string): DecisionRecord | undefined
  /** The latest records, newest first, at most `limit`. */
  latest(limit: number): readonly DecisionRecord[]
}

/** How much a log keeps; both 1 or more. */
export interface DecisionLogSize {
  /** Records kept of one caller. */
  readonly perCaller: number
  /** Callers that have records of their own; those that come later share one more place. */
  readonly callers: number
}

interface Entry {
  readonly order: number
  readonly record: DecisionRecord
}

/**
 * Makes an empty log. Every caller has a place of its own, in which only his own later records push out earlier ones. When
 * all places are taken, later callers share one: they can push out one another's records, never those of the first.
 */
export function createDecisionLog({ perCaller, callers }: DecisionLogSize): DecisionLog {
  const places = new Map<string, Entry[]>()
  const shared: Entry[] = []
  const byRequestId = new Map<string, Entry>()
  let order = 0

  function placeOf(caller: string): Entry[] {
    const own = places.get(caller)
    if (own) return own
    if (places.size >= callers) return shared
    const made: Entry[] = []
    places.set(caller, made)
    return made
  }

  return {
    record(record) {
      const entry = { order: order++, record }
      const place = placeOf(toPlaceName(record.caller.arn))
      place.push(entry)
      const pushedOut = place.length > perCaller ? place.shift() : undefined
      // A request id that came twice names its latest record, which must not go with the earlier one.
      if (pushedOut && byRequestId.get(pushedOut.record.requestId) === pushedOut) {
        byRequestId.delete(pushedOut.record.requestId)
      }
      byRequestId.set(record.requestId, entry)
    },
    find: (requestId) => byRequestId.get(requestId)?.record,
    latest(limit) {
      return [...places.values(), shared]
        .flat()
        .sort((a, b) => b.order - a.order)
        .slice(0, Math.max(0, limit))
        .map((entry) => entry.record)
    },
  }
}

/** Sessions of a role share one place: whoever assumes the role chooses their names. */
function toPlaceName(arn: string): string {
  const [, role] = /^([^/]*:assumed-role\/[^/]+)\//.exec(arn) ?? []
  return role ?? arn
}
