import { describe, expect, it } from 'vitest'
import { createLog, toLoggedError } from '../../src/http/log.ts'
import { HttpError } from '../../src/http/errors.ts'

const clock = { now: () => new Date('2026-03-01T12:00:00Z') }

describe('createLog', () => {
  it('writes an event as one line of JSON with its time, and with what weakens the service', () => {
    const lines: string[] = []
    const log = createLog({ sink: (line) => lines.push(line), clock, unsafe: ['lab-root'] })
    log.write({ level: 'info', event: 'line\nfeed' })
    expect(lines).toEqual([
      '{"time":"2026-03-01T12:00:00.000Z","level":"info","event":"line\\nfeed","unsafe":["lab-root"]}',
    ])
  })
})

describe('toLoggedError', () => {
  it('keeps the message of our own errors, and of others only the class, the code and where they were thrown', () => {
    const cause = Object.assign(new TypeError('a secret value\n    at first sight'), {
      code: 'ERR_INVALID_ARG',
    })
    const logged = toLoggedError(new HttpError('BODY_NOT_JSON', 'not JSON', { cause }))
    expect(logged).toMatchObject({
      name: 'HttpError',
      code: 'BODY_NOT_JSON',
      message: 'not JSON',
      cause: { name: 'TypeError', code: 'ERR_INVALID_ARG', message: null, cause: null },
    })
    expect(logged.cause?.frames[0]).toContain('log.test.ts')
    expect(JSON.stringify(logged)).not.toMatch(/a secret value|first sight/)
  })

  it('follows causes five deep, through a circle too', () => {
    const circle = new Error('round')
    circle.cause = circle
    const depthOf = (logged: ReturnType<typeof toLoggedError> | null): number =>
      logged ? 1 + depthOf(logged.cause) : 0
    expect(depthOf(toLoggedError(circle))).toBe(5)
  })

  it('tells of a thrown value that is no error nothing but its type', () => {
    expect(toLoggedError('secret')).toEqual({
      name: 'string',
      code: null,
      message: null,
      frames: [],
      cause: null,
    })
  })
})
