import { mkdirSync } from 'node:fs'
import { AuditError } from './errors.ts'
import type { LiveFileOptions } from './live-file.ts'
import { LiveFile } from './live-file.ts'
import type { SyncQueueOptions } from './sync-queue.ts'
import { SyncQueue } from './sync-queue.ts'

/** Lines on disk, in the order in which they were appended. */
export interface AuditFile {
  /**
   * Appends a line, which ends with a line feed. When this returns, the line is with the kernel, whole: it outlives the
   * process. Throws `AuditError`: `AUDIT_WRITE_FAILED`, `AUDIT_SYNC_FAILED`, `AUDIT_CLOSED`; then nothing of it is kept.
   */
  append(line: Uint8Array): void
  /** Brings everything to disk, and ends all use of the files. Rejects with `AuditError` `AUDIT_SYNC_FAILED`. */
  close(): Promise<void>
}

/** The files, and how they are brought to disk. */
export interface AuditFileOptions extends LiveFileOptions, SyncQueueOptions {}

/**
 * Opens the directory, made with mode 0700 if there is none, and in it the live file. Nothing is ever deleted or
 * overwritten. For one process at a time. Throws `AuditError` `AUDIT_DIRECTORY_UNUSABLE`.
 */
export function openAuditFile(options: AuditFileOptions): AuditFile {
  const { directory } = options
  const queue = new SyncQueue(options)
  const live = new LiveFile(options, queue)
  let closed = false
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    live.open()
  } catch (cause) {
    const message = `the audit trail in ${directory} cannot be opened`
    throw new AuditError('AUDIT_DIRECTORY_UNUSABLE', message, { cause })
  }
  return {
    append(line) {
      if (closed) throw new AuditError('AUDIT_CLOSED', 'the audit trail is closed')
      queue.requireSynced()
      try {
        live.write(line)
      } catch (cause) {
        throw new AuditError('AUDIT_WRITE_FAILED', 'the audit record cannot be written', { cause })
      }
    },
    async close() {
      closed = true
      live.leave()
      await queue.close()
    },
  }
}
