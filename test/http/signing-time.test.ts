import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkSigningTime, parseSigningTime } from '../../src/http/signing-time.ts'

const NOON = Date.parse('2015-11-20T20:23:46Z') / 1000

describe('parseSigningTime', () => {
  it('reads x-amz-date, and prefers it to date', () => {
    expect(parseSigningTime('20151120T202346Z', 'Fri, 20 Nov 2015 00:00:00 GMT')).toEqual({
      text: '20151120T202346Z',
      seconds: NOON,
      header: 'x-amz-date',
    })
  })

  it.each(['20151120T202346Z', 'Fri, 20 Nov 2015 20:23:46 GMT'])(
    'reads date %s where it stands alone',
    (date) => {
      expect(parseSigningTime(null, date)).toEqual({
        text: '20151120T202346Z',
        seconds: NOON,
        header: 'date',
      })
    },
  )

  const REFUSED = [
    null,
    '',
    '2015-11-20T20:23:46Z',
    '20151120T202346',
    '20151320T202346Z',
    '20150230T202346Z',
    '20151120T252346Z',
    '20151120T202346Z,20151120T202346Z',
  ]
  it.each(REFUSED)('refuses x-amz-date %j with SIGNING_TIME_INVALID', (text) => {
    expect(() => parseSigningTime(text, null)).toThrow(
      expect.objectContaining({ code: 'SIGNING_TIME_INVALID' }),
    )
  })

  it('does not fall back to date where x-amz-date is malformed', () => {
    expect(() => parseSigningTime('x', '20151120T202346Z')).toThrow(
      expect.objectContaining({ code: 'SIGNING_TIME_INVALID' }),
    )
  })

  it('takes any two texts to a time or SIGNING_TIME_INVALID', () => {
    const header = fc.option(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `${text} GMT`),
      ),
    )
    fc.assert(
      fc.property(header, header, (xAmzDate, date) => {
        try {
          expect(Number.isFinite(parseSigningTime(xAmzDate, date).seconds)).toBe(true)
        } catch (error) {
          expect(error).toMatchObject({ code: 'SIGNING_TIME_INVALID' })
        }
      }),
    )
  })
})

describe('checkSigningTime', () => {
  const now = new Date('2015-11-20T20:23:46.900Z')

  it.each([-300, -1, 0, 1, 300])('takes a time %i seconds from now', (offset) => {
    expect(() => checkSigningTime({ text: '', seconds: NOON + offset, header: 'date' }, now)).not.toThrow()
  })

  it('refuses a time 301 seconds ago with SIGNATURE_EXPIRED and the three times', () => {
    const time = parseSigningTime('20151120T201845Z', null)
    expect(() => checkSigningTime(time, now)).toThrow(
      expect.objectContaining({
        code: 'SIGNATURE_EXPIRED',
        text: 'Signature expired: 20151120T201845Z is now earlier than 20151120T201846Z (20151120T202346Z - 5 min.)',
      }),
    )
  })

  it('refuses a time 301 seconds ahead with SIGNATURE_NOT_YET_CURRENT and the three times', () => {
    const time = parseSigningTime('20151120T202847Z', null)
    expect(() => checkSigningTime(time, now)).toThrow(
      expect.objectContaining({
        code: 'SIGNATURE_NOT_YET_CURRENT',
        text: 'Signature not yet current: 20151120T202847Z is still later than 20151120T202846Z (20151120T202346Z + 5 min.)',
      }),
    )
  })
})
