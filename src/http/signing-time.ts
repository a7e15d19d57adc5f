import { HttpError } from './errors.ts'

/** How far the clock of a signer may be off, in seconds, either way. */
const CLOCK_WINDOW_SECONDS = 300

/** When a request was signed. */
export interface SigningTime {
  /** `YYYYMMDDTHHMMSSZ`, as the string to sign holds it. */
  readonly text: string
  /** Seconds since the epoch. */
  readonly seconds: number
  /** The header that said so, which must therefore be signed. */
  readonly header: 'x-amz-date' | 'date'
}

/**
 * Reads the time of signing from `x-amz-date` (ISO 8601 basic format), or from `date` where that is absent (the same
 * format, or an HTTP date: RFC 9110 §5.6.7). Throws `HttpError` `SIGNING_TIME_INVALID`.
 */
export function parseSigningTime(xAmzDate: string | null, date: string | null): SigningTime {
  const header = xAmzDate === null ? 'date' : 'x-amz-date'
  const text = xAmzDate ?? (date !== null && date.endsWith(' GMT') ? toBasicFormat(Date.parse(date)) : date)
  const seconds = text === null ? NaN : secondsOfBasicFormat(text)
  if (text === null || Number.isNaN(seconds)) {
    throw new HttpError(
      'SIGNING_TIME_INVALID',
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    )
  }
  return { text, seconds, header }
}

/**
 * Refuses a time of signing more than five minutes away from `now`. Whole seconds are compared, as the text shows them.
 * Throws `HttpError`: `SIGNATURE_EXPIRED`, `SIGNATURE_NOT_YET_CURRENT`.
 */
export function checkSigningTime(time: SigningTime, now: Date): void {
  const nowSeconds = Math.floor(now.getTime() / 1000)
  const [earliest, latest] = [nowSeconds - CLOCK_WINDOW_SECONDS, nowSeconds + CLOCK_WINDOW_SECONDS]
  if (time.seconds < earliest) {
    const [bound, present] = [toBasicFormat(earliest * 1000), toBasicFormat(nowSeconds * 1000)]
    throw new HttpError(
      'SIGNATURE_EXPIRED',
      `Signature expired: ${time.text} is now earlier than ${bound} (${present} - 5 min.)`,
    )
  }
  if (time.seconds > latest) {
    const [bound, present] = [toBasicFormat(latest * 1000), toBasicFormat(nowSeconds * 1000)]
    throw new HttpError(
      'SIGNATURE_NOT_YET_CURRENT',
      `Signature not yet current: ${time.text} is still later than ${bound} (${present} + 5 min.)`,
    )
  }
}

/** `null` where the time is no time. */
function toBasicFormat(milliseconds: number): string | null {
  if (Number.isNaN(milliseconds)) return null
  return `${new Date(milliseconds).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

function secondsOfBasicFormat(text: string): number {
  if (!/^\d{8}T\d{6}Z$/.test(text)) return NaN
  const day = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`
  const time = new Date(`${day}T${text.slice(9, 11)}:${text.slice(11, 13)}:${text.slice(13)}`)
  // Date reads 30 February as 2 March; it is nobody's time of signing.
  return time.getUTCDate() === Number(text.slice(6, 8)) ? time.getTime() / 1000 : NaN
}
