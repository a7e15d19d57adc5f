import { fork } from 'node:child_process'
import type { Slice, SliceReport, SliceResult } from './load-protocol.ts'
import { stopProcess } from './service-process.ts'

/** The load generator, a process of its own that works off one slice after another. */
export interface LoadGenerator {
  /** Rejects where an answer was not 200 or did not come. */
  run(slice: Slice): Promise<SliceResult>
  stop(): Promise<void>
}

export function startLoadGenerator(): LoadGenerator {
  const child = fork(new URL('./load-generator.ts', import.meta.url).pathname, {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return {
    run(slice) {
      const { promise, resolve, reject } = Promise.withResolvers<SliceResult>()
      const lost = (): void => reject(new Error('the load generator ended'))
      child.once('exit', lost)
      child.once('message', (report: SliceReport) => {
        child.off('exit', lost)
        if ('result' in report) resolve(report.result)
        else reject(new Error(report.fault))
      })
      child.send(slice)
      return promise
    },
    stop: () => stopProcess(child),
  }
}
