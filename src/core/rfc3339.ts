const FORM = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|[+-]\d\d:\d\d)$/

/**
 * Reads a time as RFC 3339 §5.6 writes it, with an offset or `Z`; what is finer than a millisecond is dropped. Throws
 * `RangeError` for any other text and for times that no clock shows, such as the 30th of February.
 */
export function parseRfc3339(text: string): Date {
  const [, date, time, fraction = ''] = FORM.exec(text) ?? []
  const local = new Date(`${date}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}Z`)
  // Date rolls days that a month does not have over into the next one, so what it read is compared.
  if (Number.isNaN(local.getTime()) || !local.toISOString().startsWith(`${date}T${time}`)) {
    throw new RangeError('not a time as in RFC 3339')
  }
  const offset = text.endsWith('Z') ? 0 : offsetMinutes(text.slice(-6))
  return new Date(local.getTime() - offset * 60_000)
}

/** Minutes that `+hh:mm` or `-hh:mm` is ahead of UTC. */
function offsetMinutes(text: string): number {
  const [hours = 0, minutes = 0] = text.slice(1).split(':').map(Number)
  if (hours > 23 || minutes > 59) throw new RangeError('not a time as in RFC 3339')
  return (text.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}
