const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const UNITS = [
  [365.25 * DAY, 'year', 'years'],
  [DAY, 'day', 'days'],
  [HOUR, 'h', 'h'],
  [MINUTE, 'min', 'min'],
  [SECOND, 's', 's'],
] as const

/** A time as people read it: RFC 3339 in UTC, without milliseconds where there are none. */
export function toInstant(date: Date): string {
  return date.toISOString().replace('.000Z', 'Z')
}

/** A span of milliseconds in its two largest units that are not zero, rounded down, such as `2 h 59 min`. */
export function toDuration(milliseconds: number): string {
  let left = Math.abs(milliseconds)
  if (left < 10 * SECOND) return `${Math.floor(left / 100) / 10} s`
  const words: string[] = []
  for (const [size, one, many] of UNITS) {
    const count = Math.floor(left / size)
    left -= count * size
    if (count > 0 && words.length < 2) words.push(`${count} ${count === 1 ? one : many}`)
  }
  return words.join(' ')
}

/** How far a time lies from another, such as `3 years 12 days ago` or `in 5 min`. */
export function toDistance(date: Date, from: Date): string {
  const milliseconds = date.getTime() - from.getTime()
  return milliseconds > 0 ? `in ${toDuration(milliseconds)}` : `${toDuration(milliseconds)} ago`
}
