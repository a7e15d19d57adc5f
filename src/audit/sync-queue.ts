import { close, fdatasync } from 'node:fs'
import { open } from 'node:fs/promises'
import { promisify } from 'node:util'
import { AuditError } from './errors.ts'

/** How long a line may wait for its sync to begin, so that it is on disk within a second. */
const SYNC_MILLISECONDS = 500

/** The directory whose files are synced. `sync` is the system call, `milliseconds` how long a batch is collected. */
export interface SyncQueueOptions {
  readonly directory: string
  readonly sync?: (descriptor: number) => Promise<void>
  readonly milliseconds?: number
}

/** Brings what was written to disk in batches, by threads other than that of the event loop. */
export class SyncQueue {
  readonly #directory: string
  readonly #sync: (descriptor: number) => Promise<void>
  readonly #milliseconds: number
  /** Written to since their last sync. */
  readonly #waiting = new Set<number>()
  /** To be closed after their last sync. */
  readonly #retired = new Set<number>()
  #directoryChanged = false
  #fault: { readonly cause: unknown } | undefined
  #timer: NodeJS.Timeout | undefined
  #underWay = Promise.resolve()

  constructor(options: SyncQueueOptions) {
    const { directory, sync = promisify(fdatasync), milliseconds = SYNC_MILLISECONDS } = options
    this.#directory = directory
    this.#sync = sync
    this.#milliseconds = milliseconds
  }

  /** Throws `AuditError` `AUDIT_SYNC_FAILED` while the last sync is one that failed. It is tried again by itself. */
  requireSynced(): void {
    if (!this.#fault) return
    const { cause } = this.#fault
    throw new AuditError('AUDIT_SYNC_FAILED', 'earlier audit records are not known to be on disk', { cause })
  }

  /** A descriptor was written to. */
  written(descriptor: number): void {
    this.#waiting.add(descriptor)
    this.#schedule()
  }

  /** A descriptor will not be used again. */
  retire(descriptor: number): void {
    this.#retired.add(descriptor)
    this.written(descriptor)
  }

  /** A name in the directory changed; it is synced with the next batch. */
  renamed(): void {
    this.#directoryChanged = true
  }

  /** Syncs what is left, and fulfils when that is done. Rejects with `AuditError` `AUDIT_SYNC_FAILED`. */
  async close(): Promise<void> {
    await this.#underWay
    clearTimeout(this.#timer)
    await this.#syncAll()
    clearTimeout(this.#timer)
    this.requireSynced()
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#underWay = this.#syncAll()
    }, this.#milliseconds).unref()
  }

  async #syncAll(): Promise<void> {
    const [batch, ended, withDirectory] = [[...this.#waiting], [...this.#retired], this.#directoryChanged]
    this.#waiting.clear()
    this.#retired.clear()
    this.#directoryChanged = false
    try {
      for (const descriptor of batch) await this.#sync(descriptor)
      if (withDirectory) await syncDirectory(this.#directory)
      this.#fault = undefined
      // Nothing depends on how this ends: all of it is on disk.
      for (const descriptor of ended) close(descriptor, () => {})
    } catch (cause) {
      // Kept for the next batch: what is not on disk must be known not to be.
      this.#fault = { cause }
      for (const descriptor of batch) this.#waiting.add(descriptor)
      for (const descriptor of ended) this.#retired.add(descriptor)
      this.#directoryChanged ||= withDirectory
    }
    this.#timer = undefined
    if (this.#waiting.size > 0) this.#schedule()
  }
}

/** A new name is durable once its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
