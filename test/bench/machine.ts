import { arch, cpus, loadavg, platform, totalmem } from 'node:os'
import { round } from './statistics.ts'

/** What figures depend on beside the program. */
export function describeMachine() {
  return {
    processors: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    memoryMegabytes: Math.round(totalmem() / 1024 ** 2),
    platform: `${platform()}-${arch()}`,
    node: process.version,
    openssl: process.versions.openssl,
  }
}

/** Load of the last one, five and fifteen minutes; a machine with neighbours gives poor absolute figures. */
export function loadAverage(): readonly number[] {
  return loadavg().map((load) => round(load, 2))
}
