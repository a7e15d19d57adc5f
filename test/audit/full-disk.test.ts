import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { makeFolder } from './a-call.ts'

const url = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href)

/** Fills the live file until a record does not fit, then makes room by moving it away and writes one more. */
const PROGRAM = (directory: string): string => `
  import { renameSync } from 'node:fs'
  import { openAuditTrail } from ${url('../../src/audit/audit-trail.ts')}
  import { systemClock } from ${url('../../src/core/clock.ts')}
  import { systemRandom } from ${url('../../src/core/random.ts')}
  import { makeFacts } from ${url('a-call.ts')}
  // The limit of the system on the size of files ends a write in the middle, as a full disk does.
  process.on('SIGXFSZ', () => {})
  const directory = ${JSON.stringify(directory)}
  const trail = openAuditTrail({ directory, clock: systemClock, random: systemRandom })
  const outcomes = []
  for (let index = 0; index < 40; index++) {
    try {
      trail.record(makeFacts({ requestId: 'request-' + index, userAgent: 'x'.repeat(index % 2 === 0 ? 900 : 1) }))
      outcomes.push('kept')
    } catch (error) {
      outcomes.push(error.code + ' ' + error.cause.code)
    }
  }
  renameSync(directory + '/audit.jsonl', directory + '/full')
  trail.record(makeFacts({ requestId: 'last' }))
  await trail.close()
  console.log(JSON.stringify(outcomes))`

describe.skipIf(process.platform === 'win32')('a file that cannot grow', () => {
  const { path, remove } = makeFolder()
  afterAll(remove)

  it('refuses records with AUDIT_WRITE_FAILED, keeps no part of them, and goes on as soon as there is room', () => {
    const command = `ulimit -f 24; exec "$0" --input-type=module -e "$1"`
    const child = spawnSync('sh', ['-c', command, process.execPath, PROGRAM(path)], { encoding: 'utf8' })
    const outcomes = JSON.parse(child.stdout) as readonly string[]
    expect(new Set(outcomes)).toEqual(new Set(['kept', 'AUDIT_WRITE_FAILED EFBIG']))
    const text = readFileSync(join(path, 'full'), 'utf8')
    const kept = outcomes.flatMap((outcome, index) => (outcome === 'kept' ? [`request-${index}`] : []))
    const ids = text
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as { requestID: string }).requestID)
    expect(ids).toEqual(kept)
    expect(text.endsWith('\n')).toBe(true)
    const last = JSON.parse(readFileSync(join(path, 'audit.jsonl'), 'utf8')) as { requestID: string }
    expect(last.requestID).toBe('last')
  })
})
