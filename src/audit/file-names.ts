/** The file that records are appended to. */
export const LIVE_NAME = 'audit.jsonl'

/** Full files, and torn lines that were set aside: the names sort by time, as texts. */
const ROTATED = /^audit-(\d{8}T\d{6}\.\d{3}Z)\.(jsonl|torn)$/

/** Whether a name is that of a file that was full. */
export function isRotatedName(name: string): boolean {
  return ROTATED.exec(name)?.[2] === 'jsonl'
}

/**
 * A name for a file that is put aside at `now`, which sorts behind all of `names`: where the clock went back, or stands
 * still, it is later than the latest of them by a millisecond.
 */
export function nextName(names: readonly string[], now: Date, ending: 'jsonl' | 'torn'): string {
  const latest = names
    .flatMap((name) => ROTATED.exec(name)?.[1] ?? [])
    .sort()
    .at(-1)
  const time = Math.max(now.getTime(), latest === undefined ? 0 : parseStamp(latest) + 1)
  return `audit-${new Date(time).toISOString().replaceAll(/[-:]/g, '')}.${ending}`
}

/** The milliseconds since 1970 of a stamp such as `20260301T120000.000Z`; 0 for one that no clock shows. */
function parseStamp(stamp: string): number {
  const time = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)/, '$1-$2-$3:$4:'))
  return Number.isNaN(time) ? 0 : time
}
