import type { DerElement } from './der.ts'
import { derContent } from './der.ts'

const UTC_TIME = 0x17
const GENERALIZED_TIME = 0x18

/** Characters of `YYYYMMDDHHMMSSZ`. */
const LONGEST_TIME = 15

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

function readTime(element: DerElement): Date | null {
  const text = String.fromCharCode(...derContent(element).subarray(0, LONGEST_TIME + 1))
  if (element.tag === UTC_TIME && /^\d{12}Z$/.test(text)) {
    // Two digits of the year stand for 1950 to 2049 (RFC 5280 §4.1.2.5.1).
    return toDate(`${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}`)
  }
  if (element.tag === GENERALIZED_TIME && /^\d{14}Z$/.test(text) && Number(text.slice(0, 4)) >= 2050) {
    return toDate(text)
  }
  return null
}

/** `YYYYMMDDHHMMSSZ`; `null` where the calendar has no such second, which `Date` would carry over. */
function toDate(text: string): Date | null {
  const part = (from: number): number => Number(text.slice(from, from + 2))
  const [month, day, hour, minute, second] = [part(4), part(6), part(8), part(10), part(12)]
  const date = new Date(Date.UTC(Number(text.slice(0, 4)), month - 1, day, hour, minute, second))
  const isReal = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hour
  return isReal && minute < 60 && second < 60 ? date : null
}
