import { fstatSync, openSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SyncQueue } from '../../src/audit/sync-queue.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A queue whose system call is `sync`, and what it was asked to sync. */
function makeQueue(sync: () => Promise<void> = async () => {}) {
  const synced: number[] = []
  const queue = new SyncQueue({
    directory: tmpdir(),
    sync: async (descriptor) => {
      synced.push(descriptor)
      await sync()
    },
  })
  return { queue, synced }
}

const FAILED = expect.objectContaining({ name: 'AuditError', code: 'AUDIT_SYNC_FAILED' })

describe('a sync queue', () => {
  it('syncs all that was written within a second once, and nothing where nothing was', async () => {
    const { queue, synced } = makeQueue()
    for (let line = 0; line < 1000; line++) queue.written(7)
    expect(synced).toEqual([])
    await vi.advanceTimersByTimeAsync(1000)
    expect(synced).toEqual([7])
    await vi.advanceTimersByTimeAsync(10_000)
    expect(synced).toEqual([7])
    queue.written(7)
    await vi.advanceTimersByTimeAsync(1000)
    expect(synced).toEqual([7, 7])
  })

  it('syncs what is written while a sync is under way with the next batch', async () => {
    let finish = (): void => {}
    const { queue, synced } = makeQueue(() => new Promise((resolve) => (finish = resolve)))
    queue.written(7)
    await vi.advanceTimersByTimeAsync(1000)
    queue.written(7)
    await vi.advanceTimersByTimeAsync(5000)
    expect(synced).toEqual([7])
    finish()
    await vi.advanceTimersByTimeAsync(1000)
    expect(synced).toEqual([7, 7])
  })

  it('AUDIT_SYNC_FAILED: from a failed sync until one of the same descriptors succeeds', async () => {
    let works = false
    const { queue, synced } = makeQueue(() => (works ? Promise.resolve() : Promise.reject(new Error('EIO'))))
    queue.written(7)
    queue.requireSynced()
    await vi.advanceTimersByTimeAsync(600)
    expect(() => queue.requireSynced()).toThrow(FAILED)
    works = true
    await vi.advanceTimersByTimeAsync(1000)
    queue.requireSynced()
    expect(synced).toEqual([7, 7])
  })

  it('closes a retired descriptor behind its last sync, not before', async () => {
    const descriptor = openSync(join(tmpdir()), 'r')
    let works = false
    const { queue } = makeQueue(() => (works ? Promise.resolve() : Promise.reject(new Error('EIO'))))
    queue.retire(descriptor)
    await vi.advanceTimersByTimeAsync(1000)
    expect(fstatSync(descriptor).isDirectory()).toBe(true)
    works = true
    await vi.advanceTimersByTimeAsync(1000)
    vi.useRealTimers()
    await vi.waitFor(() => expect(() => fstatSync(descriptor)).toThrow('EBADF'))
  })

  it('syncs what is left when it is closed, and rejects with AUDIT_SYNC_FAILED where that fails', async () => {
    const good = makeQueue()
    good.queue.written(7)
    good.queue.renamed()
    vi.useRealTimers()
    await good.queue.close()
    expect(good.synced).toEqual([7])
    const bad = makeQueue(() => Promise.reject(new Error('EIO')))
    bad.queue.written(7)
    await expect(bad.queue.close()).rejects.toThrow(FAILED)
  })
})
