import fc from 'fast-check'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openAuditFile } from '../../src/audit/audit-file.ts'
import type { AuditTrail, AuditTrailOptions } from '../../src/audit/audit-trail.ts'
import { openAuditTrail } from '../../src/audit/audit-trail.ts'
import { MovableClock, systemClock } from '../../src/core/clock.ts'
import { systemRandom } from '../../src/core/random.ts'
import { runs } from '../support/property-runs.ts'
import { makeFacts, makeFolder, readLines, readRecords } from './a-call.ts'

let directory: string
let remove: () => void
let live: string
const trails: AuditTrail[] = []
beforeEach(() => {
  ;({ path: directory, remove } = makeFolder())
  live = join(directory, 'audit.jsonl')
})
afterEach(async () => {
  await Promise.all(trails.splice(0).map((trail) => trail.close().catch(() => {})))
  remove()
})

function open(changes: Partial<AuditTrailOptions> = {}): AuditTrail {
  const trail = openAuditTrail({ directory, clock: systemClock, random: systemRandom, ...changes })
  trails.push(trail)
  return trail
}

const put = (trail: AuditTrail, ...requestIds: readonly (string | number)[]): void =>
  requestIds.forEach((requestId) => trail.record(makeFacts({ requestId: `${requestId}` })))
const ids = (): readonly string[] => readRecords(directory).map(({ requestID }) => requestID)
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)
const coded = (code: string): unknown => expect.objectContaining({ name: 'AuditError', code })

describe('an audit trail', () => {
  it('keeps records in order, across closes, in files for their owner only', async () => {
    const first = open()
    put(first, ...numbers(50))
    await first.close()
    put(open(), 50)
    expect(ids()).toEqual(numbers(51).map(String))
    expect(statSync(directory).mode & 0o777).toBe(0o700)
    expect(statSync(live).mode & 0o777).toBe(0o600)
  })

  it('stamps a record with the time at which the call ended, and an id of its own', () => {
    const clock = { now: () => new Date('2026-03-01T12:00:00.900Z') }
    put(open({ clock }), 1, 2)
    const [one, two] = readRecords(directory)
    expect(one?.['eventTime']).toBe('2026-03-01T12:00:00Z')
    expect(one?.['eventID']).toMatch(/^[0-9a-f-]{36}$/)
    expect(one?.['eventID']).not.toBe(two?.['eventID'])
  })

  it('has every record in the file when it returns, before anything is synced', () => {
    const trail = open()
    put(trail, 'a')
    expect(ids()).toEqual(['a'])
  })

  it('writes no character that a reader could take for the end of a line', () => {
    const userAgent = 'a\n\r\u0000\u007f\u0085\u009b\u2028\u2029\ud800b'
    open().record(makeFacts({ userAgent }))
    expect(readLines(directory)).toHaveLength(1)
    expect(readFileSync(live, 'utf8').trimEnd()).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
    expect(readRecords(directory)[0]?.['userAgent']).toBe(userAgent)
  })

  it('refuses a directory that is none with AUDIT_DIRECTORY_UNUSABLE', () => {
    writeFileSync(directory, 'a file')
    expect(() => open()).toThrow(coded('AUDIT_DIRECTORY_UNUSABLE'))
    rmSync(directory)
    mkdirSync(live, { recursive: true })
    expect(() => open()).toThrow(coded('AUDIT_DIRECTORY_UNUSABLE'))
  })

  it('refuses records once it is closed, with AUDIT_CLOSED', async () => {
    const trail = open()
    await trail.close()
    expect(() => put(trail, 1)).toThrow(coded('AUDIT_CLOSED'))
  })
})

describe('rotation', () => {
  it('puts full files aside under names that sort in the order of their records, and loses or splits none', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 700, max: 4000 }),
        (lengths, rotateBytes) => {
          rmSync(directory, { recursive: true, force: true })
          const trail = open({ rotateBytes })
          lengths.forEach((length, index) =>
            trail.record(makeFacts({ requestId: `${index}`, userAgent: 'x'.repeat(length) })),
          )
          expect(ids()).toEqual(numbers(lengths.length).map(String))
          for (const name of readdirSync(directory)) {
            const text = readFileSync(join(directory, name), 'utf8')
            expect(text.length <= rotateBytes || text.indexOf('\n') === text.length - 1).toBe(true)
            expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600)
          }
        },
      ),
      runs(15),
    )
  })

  it('keeps the order of names where the clock goes back', () => {
    const clock = new MovableClock(systemClock)
    const trail = open({ rotateBytes: 1, clock })
    put(trail, 0, 1, 2)
    clock.moveTo(new Date('2001-01-01T00:00:00Z'))
    put(trail, 3, 4, 5)
    expect(readdirSync(directory)).toHaveLength(6)
    expect(ids()).toEqual(['0', '1', '2', '3', '4', '5'])
  })

  it('goes on where the process that began the files ended', async () => {
    const clock = { now: () => new Date('2026-03-01T12:00:00Z') }
    const first = open({ rotateBytes: 1, clock })
    put(first, 0, 1)
    await first.close()
    put(open({ rotateBytes: 1, clock }), 2, 3)
    expect(ids()).toEqual(['0', '1', '2', '3'])
    expect(readdirSync(directory)).toContain('audit-20260301T120000.000Z.jsonl')
  })
})

describe('a torn last line', () => {
  it.each([
    ['half a record', '{"eventVersion":"1.1'],
    ['a whole record without its line feed', '{"eventVersion":"1.11"}'],
    ['zeros, as a file system leaves them after a power failure', '\0'.repeat(200_000)],
  ])('%s: is set aside at the next start, and the next record is whole', async (_, torn) => {
    const first = open()
    put(first, 0)
    await first.close()
    appendFileSync(live, torn)
    put(open(), 1)
    expect(ids()).toEqual(['0', '1'])
    const name = readdirSync(directory).find((file) => file.endsWith('.torn')) ?? ''
    expect(readFileSync(join(directory, name), 'utf8')).toBe(torn)
    expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600)
  })

  it('is set aside, too, where it is all that the file holds', () => {
    mkdirSync(directory)
    writeFileSync(live, 'torn')
    put(open(), 1)
    expect(ids()).toEqual(['1'])
    expect(readdirSync(directory)).toHaveLength(2)
  })
})

describe('a live file that somebody touches while the service runs', () => {
  it('moved: its records stay in it, later ones go to a new file', () => {
    const trail = open()
    put(trail, 0)
    renameSync(live, join(directory, 'archive'))
    put(trail, 1)
    expect(ids()).toEqual(['1'])
    expect(readFileSync(join(directory, 'archive'), 'utf8')).toContain('"requestID":"0"')
    expect(statSync(live).mode & 0o777).toBe(0o600)
  })

  it('deleted, or exchanged for one that ends in a torn line', () => {
    const trail = open()
    put(trail, 0)
    rmSync(live)
    put(trail, 1)
    renameSync(live, join(directory, 'archive'))
    writeFileSync(live, 'torn')
    put(trail, 2)
    expect(ids()).toEqual(['2'])
  })

  it('made empty, as some tools do after copying it', () => {
    const trail = open()
    put(trail, 0)
    truncateSync(live, 0)
    put(trail, 1)
    expect(ids()).toEqual(['1'])
  })
})

describe('a record that cannot be written', () => {
  it('is refused with AUDIT_WRITE_FAILED, and the next one is whole', () => {
    const trail = open()
    put(trail, 0)
    renameSync(directory, `${directory}-away`)
    expect(() => put(trail, 1)).toThrow(coded('AUDIT_WRITE_FAILED'))
    expect(existsSync(directory)).toBe(false)
    renameSync(`${directory}-away`, directory)
    put(trail, 2)
    expect(ids()).toEqual(['0', '2'])
  })
})

describe('a sync that fails', () => {
  it('AUDIT_SYNC_FAILED: refuses lines until one succeeds, and loses none', async () => {
    let works = false
    const sync = async (): Promise<void> => {
      if (!works) throw new Error('EIO')
    }
    const options = { directory, clock: systemClock, rotateBytes: 1000, sync, milliseconds: 1 }
    const file = openAuditFile(options)
    file.append(Buffer.from('first\n'))
    const append = (): void => file.append(Buffer.from('second\n'))
    await vi.waitFor(() => expect(append).toThrow(coded('AUDIT_SYNC_FAILED')))
    works = true
    const before = readFileSync(live, 'utf8')
    await vi.waitFor(append)
    expect(readFileSync(live, 'utf8')).toBe(`${before}second\n`)
    await file.close()
  })
})

describe('reading the latest records', () => {
  const latest = async (trail: AuditTrail, query: Parameters<AuditTrail['latest']>[0]) =>
    (await trail.latest(query)).map((record) => record['requestID'])

  it('answers newest first, across files, up to the limit', async () => {
    const trail = open({ rotateBytes: 3000 })
    put(trail, ...numbers(20))
    expect(readdirSync(directory).length).toBeGreaterThan(3)
    expect(await latest(trail, { limit: 7 })).toEqual(['19', '18', '17', '16', '15', '14', '13'])
    expect(await latest(trail, { limit: 100 })).toEqual(numbers(20).map(String).toReversed())
  })

  it('finds lines at any distance from the borders of the pieces that are read', async () => {
    const trail = open()
    const lengths = [1, 1024, 0, 64 * 1024, 200_000, 5, 64 * 1024 - 700, 3]
    lengths.forEach((length, index) => {
      const requestParameters = { policy: 'x'.repeat(length) }
      trail.record(makeFacts({ requestId: `${index}`, requestParameters }))
    })
    expect(await latest(trail, { limit: 100 })).toEqual(['7', '6', '5', '4', '3', '2', '1', '0'])
  })

  it('selects by request id and by operation, and by neither for a part of it', async () => {
    const trail = open({ rotateBytes: 3000 })
    put(trail, ...numbers(10))
    trail.record(makeFacts({ requestId: 'x', operation: 'Encrypt' }))
    put(trail, ...numbers(10))
    expect(await latest(trail, { limit: 5, requestId: '3' })).toEqual(['3', '3'])
    expect(await latest(trail, { limit: 5, eventName: 'Encrypt' })).toEqual(['x'])
    expect(await latest(trail, { limit: 5, eventName: 'Encr' })).toEqual([])
    expect(await latest(trail, { limit: 5, eventName: 'Encrypt', requestId: '3' })).toEqual([])
  })

  it('passes over lines that are no records, and lines that are longer than any record', async () => {
    const trail = open()
    put(trail, 0)
    appendFileSync(live, `half a record\n[]\n\n${'x'.repeat(5_000_000)}\n`)
    put(trail, 1)
    expect(await latest(trail, { limit: 5 })).toEqual(['1', '0'])
  })

  it('ends a page before it grows without bound', async () => {
    const trail = open()
    const requestParameters = { policy: 'x'.repeat(3_000_000) }
    for (const requestId of ['0', '1', '2', '3']) trail.record(makeFacts({ requestId, requestParameters }))
    expect(await latest(trail, { limit: 100 })).toEqual(['3', '2'])
  })

  it('answers nothing where there is nothing, and does not miss files that were taken away', async () => {
    const trail = open({ rotateBytes: 1 })
    expect(await latest(trail, { limit: 5 })).toEqual([])
    put(trail, 0, 1, 2)
    rmSync(live)
    rmSync(join(directory, readdirSync(directory)[0] ?? ''))
    expect(await latest(trail, { limit: 5 })).toEqual(['1'])
  })
})
