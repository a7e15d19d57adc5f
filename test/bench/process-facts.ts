import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const hasProc = existsSync('/proc/self/stat')

/** Linux counts processor time in hundredths of a second towards programs (proc_pid_stat(5), USER_HZ). */
const MILLISECONDS_PER_TICK = 10

/** Resident memory of a process, in MB of 2^20 bytes. */
export function residentMegabytes(pid: number): number {
  const kilobytes = hasProc
    ? /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]
    : spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'latin1' }).stdout
  return Number(kilobytes) / 1024
}

/** Processor time that a process has used, all threads, in milliseconds; `null` where the system has no `/proc`. */
export function processorMilliseconds(pid: number): number | null {
  if (!hasProc) return null
  // The name of the program stands in parentheses and may itself hold spaces; the state follows as field 3.
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * MILLISECONDS_PER_TICK
}

const POLL_MILLISECONDS = 500
const QUIET_POLLS = 4
/** How long to wait where nobody can tell whether the process still works. */
const BLIND_WAIT_MILLISECONDS = 20_000

/** A process that waits for work still wakes up now and then. */
const IDLE_MILLISECONDS = 2 * MILLISECONDS_PER_TICK

/** Waits until a process has used next to no processor time for two seconds, at most `limitMilliseconds`. */
export async function waitUntilIdle(pid: number, limitMilliseconds: number): Promise<void> {
  const deadline = performance.now() + limitMilliseconds
  let before = processorMilliseconds(pid)
  if (before === null) return sleep(Math.min(limitMilliseconds, BLIND_WAIT_MILLISECONDS))
  for (let quiet = 0; quiet < QUIET_POLLS && performance.now() < deadline;) {
    await sleep(POLL_MILLISECONDS)
    const now = processorMilliseconds(pid) ?? 0
    quiet = now - before <= IDLE_MILLISECONDS ? quiet + 1 : 0
    before = now
  }
}
