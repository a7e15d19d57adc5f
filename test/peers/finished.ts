import type { ChildProcess } from 'node:child_process'

/** The exit status of a process once it has ended; null if a signal ended it or it could not be started. */
export function finished(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('error', () => resolve(null))
    child.once('exit', (status) => resolve(status))
  })
}
