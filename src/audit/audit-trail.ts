import type { Clock } from '../core/clock.ts'
import type { JsonObject } from '../core/json.ts'
import type { Random } from '../core/random.ts'
import { utf8 } from '../core/bytes.ts'
import { openAuditFile } from './audit-file.ts'
import type { AuditFacts } from './audit-facts.ts'
import type { AuditQuery } from './read-latest.ts'
import { readLatest } from './read-latest.ts'
import { toAuditRecord } from './to-audit-record.ts'

/** The records of all calls, on disk. */
export interface AuditTrail {
  /**
   * Keeps the record of a call that has ended, before it is answered: when this returns, the record outlives the
   * process, and within a second it outlives the machine. Throws `AuditError` where it cannot be kept; then the call
   * must not be answered.
   */
  record(facts: AuditFacts): void
  /** The latest records, newest first, see `readLatest`. */
  latest(query: AuditQuery): Promise<readonly JsonObject[]>
  /** Brings everything to disk. Rejects where that fails. */
  close(): Promise<void>
}

/** Where the trail lies, and the real time. */
export interface AuditTrailOptions {
  readonly directory: string
  readonly clock: Clock
  readonly random: Random
  /** The size in bytes that no file exceeds, unless by a single record. */
  readonly rotateBytes?: number
}

const ROTATE_BYTES = 64 * 1024 * 1024

/**
 * Opens the trail in a directory: `audit.jsonl`, one record a line, in the order in which calls ended; full files are
 * renamed to `audit-TIME.jsonl`. Throws `AuditError` `AUDIT_DIRECTORY_UNUSABLE`.
 */
export function openAuditTrail(options: AuditTrailOptions): AuditTrail {
  const { directory, clock, random, rotateBytes = ROTATE_BYTES } = options
  const file = openAuditFile({ directory, clock, rotateBytes })
  return {
    record(facts) {
      const record = toAuditRecord(facts, { eventId: random.uuid(), completedAt: clock.now() })
      file.append(utf8(toLine(JSON.stringify(record))))
    },
    latest: async (query) => readLatest(directory, query),
    close: async () => file.close(),
  }
}

/** JSON leaves characters as they are that some readers take for the end of a line, or a terminal for a command. */
function toLine(json: string): string {
  const safe = json.replaceAll(/[\u007f-\u009f\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return `${safe}\n`
}
