import type { DerElement } from './der.ts'

const UTC_TIME = 0x17
const GENERALIZED_TIME = 0x18

/** Characters of `YYYYMMDDHHMMSSZ`. */
const LONGEST_TIME = 15

const DIGIT_ZERO = 0x30
const ZULU = 0x5a

/** When a certificate is valid, to the second; both ends belong to the window (RFC 5280 §4.1.2.5). */
export interface Validity {
  readonly notBefore: Date
  readonly notAfter: Date
}

/**
 * Reads the two times of a certificate: UTCTime up to 2049, GeneralizedTime from 2050, with seconds and in UTC
 * (RFC 5280 §4.1.2.5). `null` where one is written in another way, names no date, or they are reversed.
 */
export function readValidity(first: DerElement, second: DerElement): Validity | null {
  const [notBefore, notAfter] = [readTime(first), readTime(second)]
  if (!notBefore || !notAfter || notBefore > notAfter) return null
  return { notBefore, notAfter }
}

function readTime({ bytes, tag, contentStart, end }: DerElement): Date | null {
  const digits = readDigits(bytes, contentStart, end)
  if (tag === UTC_TIME && digits?.length === 6) {
    // Two digits of the year stand for 1950 to 2049 (RFC 5280 §4.1.2.5.1).
    const [year = 0, ...rest] = digits
    return toDate(year < 50 ? 2000 + year : 1900 + year, rest)
  }
  if (tag === GENERALIZED_TIME && digits?.length === 7) {
    const [century = 0, year = 0, ...rest] = digits
    return century * 100 + year >= 2050 ? toDate(century * 100 + year, rest) : null
  }
  return null
}

/** The numbers of two digits that a time is written with, up to the `Z` at its end; `null` for anything else. */
function readDigits(bytes: Uint8Array, start: number, end: number): readonly number[] | null {
  if (end - start > LONGEST_TIME || bytes[end - 1] !== ZULU || (end - start) % 2 === 0) return null
  const numbers: number[] = []
  for (let at = start; at < end - 1; at += 2) {
    const [tens, ones] = [(bytes[at] ?? 0) - DIGIT_ZERO, (bytes[at + 1] ?? 0) - DIGIT_ZERO]
    if (tens < 0 || tens > 9 || ones < 0 || ones > 9) return null
    numbers.push(tens * 10 + ones)
  }
  return numbers
}

/** `null` where the calendar has no such second, which `Date` would carry over. */
function toDate(
  year: number,
  [month = 0, day, hour, minute = 0, second = 0]: readonly number[],
): Date | null {
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour
  return isReal && minute < 60 && second < 60 ? date : null
}
